import { operations } from '@zekt/contracts';
import type { Answer } from './answer.ts';
import { answerRoute, type Arrival } from './answer-route.ts';
import { conclude, type Intake, type Verdict } from './intake.ts';
import { receiveEvent } from './receive-event.ts';
import { receiveWebhook } from './receive-webhook.ts';

/** All there are. */
export const intakes: Readonly<Record<Intake['name'], Intake>> = { receiveEvent, receiveWebhook };

/** The answer of an intake, made like every route's. Never throws. */
export function answerIntake(
  intake: Intake,
  arrival: Arrival,
  verdict: () => Promise<Verdict> | Verdict,
): Promise<Answer> {
  const { name } = intake;
  const { method, path, answer } = operations[name];
  return answerRoute<Answer>({ name, method, path }, arrival, async () => ({
    status: answer.status,
    headers: {},
    body: await conclude(intake, arrival, await verdict()),
  }));
}
