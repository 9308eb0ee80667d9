import {
  maxDeliveryCount,
  redeliveryDelayMs,
  ZektError,
  type Clock,
  type ConsumeOptions,
  type Decide,
  type Handler,
  type Received,
  type Settlement,
} from '@zekt/core';
import type { BodyReference } from './claim-check.ts';
import type { Parcel } from './envelope.ts';
import { leftAloneMs } from './versions.ts';
import { reasonOf } from './reason-of.ts';

/** What must become of a parcel: it is done, another copy takes its place, or it is given up. */
export type Verdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'copy'; readonly parcel: Parcel }
  | { readonly kind: 'dead'; readonly reason: string; readonly deliveryCount: number };

export interface Workplace {
  readonly clock: Clock;
  readonly collect: (reference: BodyReference) => Promise<object>;
  /** Does what is decided, but for the settlement. */
  readonly perform: (decide: Decide) => Promise<Settlement>;
  readonly onError?: ConsumeOptions['onError'] | undefined;
}

/** A parcel that is this early is held in the hand: clocks differ by a little. */
const heldEarlyMs = 30_000;

/**
 * Handles one parcel: what the handler decides takes effect, then there is a verdict. Never throws: a failure is a verdict as well. Retries are new copies with a time, because giving a message back to
 * Service Bus brings it again at once.
 *
 * @param redeliveries how often the broker has delivered this very copy before
 */
export async function workOn(
  parcel: Parcel,
  redeliveries: number,
  handler: Handler,
  { clock, collect, perform, onError }: Workplace,
): Promise<Verdict> {
  const deliveryCount = parcel.failures + redeliveries + 1;
  if (parcel.condemned !== undefined) return { kind: 'dead', reason: parcel.condemned, deliveryCount };
  const leftAlone = (): Verdict => ({
    kind: 'copy',
    parcel: { ...parcel, copy: parcel.copy + 1, notBefore: clock.now() + leftAloneMs },
  });
  if (parcel.later !== undefined) return leftAlone();
  const earlyMs = (parcel.notBefore ?? 0) - clock.now();
  if (earlyMs > heldEarlyMs) return { kind: 'copy', parcel: { ...parcel, copy: parcel.copy + 1 } };
  if (earlyMs > 0) await new Promise<void>((resolve) => clock.at(clock.now() + earlyMs, resolve));

  const { id, session } = parcel;
  let received: Received = { id, session, body: parcel.body, deliveryCount };
  try {
    if (parcel.ref) received = { ...received, body: await collect(parcel.ref) };
    const settlement = await perform(await handler(received));
    switch (settlement.settle) {
      case 'complete':
        return { kind: 'done' };
      case 'deadLetter':
        return { kind: 'dead', reason: settlement.reason, deliveryCount };
      case 'again': {
        const { ref, ...rest } = parcel;
        const content = settlement.body ? { body: settlement.body } : ref && { ref };
        return {
          kind: 'copy',
          parcel: { ...rest, ...content, copy: parcel.copy + 1, failures: 0, notBefore: settlement.at },
        };
      }
    }
  } catch (error) {
    onError?.(error, received);
    // For a process of that release; it is no failure of the message, however long the deployment takes.
    if (error instanceof ZektError && error.code === 'newer_version') return leftAlone();
    if (deliveryCount >= maxDeliveryCount) {
      return { kind: 'dead', reason: reasonOf(error), deliveryCount };
    }
    const notBefore = clock.now() + redeliveryDelayMs(deliveryCount);
    return { kind: 'copy', parcel: { ...parcel, copy: parcel.copy + 1, failures: deliveryCount, notBefore } };
  }
}
