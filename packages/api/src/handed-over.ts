import { ZektError, type ErrorCode } from '@zekt/core';
import type { Answer } from './answer.ts';
import { judge, type Intake, type Proofs, type Verdict } from './intake.ts';
import { answerIntake, intakes } from './intakes.ts';
import { createDoor, type Door } from './node-door.ts';
import type { Zekt } from './zekt.ts';

/** A request whose first half was done in another thread. Plain JSON. */
export interface HandedOver {
  readonly intake: Intake['name'];
  readonly requestId: string;
  readonly traceparent: string | null;
  readonly verdict: { readonly verified: object } | { readonly refusal: Refusal };
}

/** An error on its way between threads; `code` is null for one that nobody foresaw. */
interface Refusal {
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly stack: string;
}

/** The door of a server in a thread without a store: `handOver` has the rest done by `takeOver`, where the store is. */
export const remoteDoor = (proofs: Proofs, handOver: (handed: HandedOver) => Promise<Answer>): Door =>
  createDoor(
    async (intake, arrival, incoming) =>
      handOver({ intake: intake.name, ...arrival, verdict: toJson(await judge(intake, proofs, incoming)) }),
    proofs.bodies,
  );

/** The second half of what was handed over. Never rejects. */
export const takeOver = (zekt: Zekt, { intake, requestId, traceparent, verdict }: HandedOver): Promise<Answer> =>
  answerIntake(intakes[intake], { zekt, requestId, traceparent }, () => fromJson(verdict));

function toJson(verdict: Verdict): HandedOver['verdict'] {
  if ('verified' in verdict) return verdict;
  const { refusal } = verdict;
  const code = refusal instanceof ZektError ? refusal.code : null;
  const { message, stack = '' } = refusal instanceof Error ? refusal : new Error(String(refusal));
  return { refusal: { code, message, stack } };
}

function fromJson(verdict: HandedOver['verdict']): Verdict {
  if ('verified' in verdict) return verdict;
  const { code, message, stack } = verdict.refusal;
  const error = code === null ? new Error(message) : new ZektError(code, message);
  error.stack = stack;
  return { refusal: error };
}
