import { repositoryIdOf } from '../identity/keys.ts';
import type { DispatchAnswer } from '../ports/github.ts';
import { maxDispatchBytes } from '../receive/payload-limits.ts';
import type { Claim } from './claim.ts';
import type { DispatchContext } from './context.ts';
import { clientPayload } from './payload.ts';

/** Sends a delivery to GitHub. Never throws: what went wrong is an answer, too. */
export async function attempt(
  { github, clock, log }: DispatchContext,
  { delivery, repository, message, installationId, ownerId }: Extract<Claim, { readonly kind: 'send' }>,
): Promise<DispatchAnswer> {
  const { deliveryId, eventType, consumer } = delivery;
  try {
    const content = clientPayload(delivery, message?.payload ?? null, clock.now(), message?.traceparent);
    const bytes = Buffer.byteLength(JSON.stringify(content));
    if (bytes > maxDispatchBytes) {
      const reason = `The payload has ${bytes} bytes with the run's data; GitHub takes ${maxDispatchBytes}.`;
      return { kind: 'refused', status: null, reason };
    }
    return await github.dispatch({
      installationId,
      repositoryId: repositoryIdOf(consumer),
      repository: repository.fullName,
      ownerId,
      eventType,
      clientPayload: content,
    });
  } catch (error) {
    // GitHub could not even be asked: that is for the delivery's own schedule, which is longer than the bus's patience.
    log.error({ deliveryId, err: error }, 'a dispatch failed before GitHub answered it');
    return { kind: 'retry', status: null, reason: error instanceof Error ? error.message : 'unknown failure' };
  }
}
