import type { Zekt } from './zekt.ts';
import type { Incoming } from './incoming.ts';

/** The operations that are done in two halves. */
export type IntakeName = 'receiveEvent' | 'receiveWebhook';

/** What a request is checked with. None of it is stored anywhere, so every thread may have it. */
export type Proofs = Pick<Zekt, 'clock' | 'bodies' | 'isSignedWebhook' | 'verifyWorkflowToken'>;

/**
 * A route that everything else waits for, in two halves. The first needs nothing but the request, so any thread can do it; the second
 * is done where the store is. `V` is what passes from one to the other: as JSON, where they are in different threads.
 */
export interface Intake<V extends object = object> {
  readonly name: IntakeName;
  /**
   * Who sends what, by the request alone. What it returns holds nothing of the body's bytes.
   *
   * @throws ZektError
   */
  verify(proofs: Proofs, incoming: Incoming): Promise<V>;
  /** @throws ZektError */
  keep(zekt: Zekt, verified: V, requestId: string): Promise<object>;
  /** Told of what `verify` refused. */
  refused?(zekt: Zekt, error: unknown): void;
}

/** What came of the first half. */
export type Verdict = { readonly verified: object } | { readonly refusal: unknown };

/** Never throws: a refusal is a verdict, too. */
export const judge = (intake: Intake, proofs: Proofs, incoming: Incoming): Promise<Verdict> =>
  intake.verify(proofs, incoming).then(
    (verified) => ({ verified }),
    (refusal: unknown) => ({ refusal }),
  );

/** The second half. @throws what the first half refused with, or ZektError */
export async function conclude(
  intake: Intake,
  { zekt, requestId }: { readonly zekt: Zekt; readonly requestId: string },
  verdict: Verdict,
): Promise<object> {
  if ('verified' in verdict) return intake.keep(zekt, verdict.verified, requestId);
  intake.refused?.(zekt, verdict.refusal);
  throw verdict.refusal;
}
