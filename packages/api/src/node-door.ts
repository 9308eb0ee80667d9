import type { IncomingMessage, ServerResponse } from 'node:http';
import { operations } from '@zekt/contracts';
import type { Answer } from './answer.ts';
import type { Arrival } from './answer-route.ts';
import { traceparentOf } from './call.ts';
import type { Incoming } from './incoming.ts';
import type { BodyBudget } from './body-budget.ts';
import { judge, type Intake } from './intake.ts';
import { answerIntake, intakes } from './intakes.ts';
import { NodeIncoming } from './node-incoming.ts';
import { pathOfTarget } from './path-of.ts';
import { requestIdOf } from './request-id.ts';
import { writeAnswer } from './write-answer.ts';
import type { Zekt } from './zekt.ts';

/** Takes a request that is for an intake, straight on Node's request and response. False: it is not, and nothing was done. */
export type Door = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

/** Makes an answer of a request. Never rejects. */
export type AnswerIncoming = (intake: Intake, arrival: Omit<Arrival, 'zekt'>, incoming: Incoming) => Promise<Answer>;

const byPath = new Map<string, Intake>(Object.values(intakes).map((intake) => [operations[intake.name].path, intake]));

/** A host that needs no second look. Others, and targets in other forms, are left to the door that parses them as URLs. */
const plainHost = /^[a-z0-9._-]+(?::(?:\d{1,4}|[1-5]\d{4}|6[0-4]\d{3}))?$/i;

export function createDoor(answerIncoming: AnswerIncoming, bodies: BodyBudget): Door {
  return (message, outgoing) => {
    const { method, url = '' } = message;
    const intake = method === 'POST' ? (byPath.get(url) ?? byPath.get(pathOfTarget(url))) : undefined;
    if (!intake || !plainHost.test(message.headers.host ?? '')) return false;
    const hold = bodies.open();
    const incoming = new NodeIncoming(message, hold);
    const requestId = requestIdOf(incoming);
    void answerIncoming(intake, { requestId, traceparent: traceparentOf(incoming) }, incoming).then((answer) => {
      hold.release();
      if (!outgoing.destroyed) writeAnswer(outgoing, answer, requestId);
    });
    return true;
  };
}

/** The door of a server in the same thread as the store. */
export const nodeDoor = (zekt: Zekt): Door =>
  createDoor(
    (intake, arrival, incoming) => answerIntake(intake, { zekt, ...arrival }, () => judge(intake, zekt, incoming)),
    zekt.bodies,
  );
