import type { ClientPayload } from '@zekt/contracts';
import { correlationIdOf } from '../identity/keys.ts';
import { isoTime } from '../ports/clock.ts';
import type { DeliveryDocument } from './delivery-document.ts';

/**
 * The `client_payload` of a delivery's dispatch: three top-level keys, under GitHub's ten.
 *
 * @param payload the message's JSON text, or null for the run itself
 * @param traceparent of the request that brought the message, if it had one
 */
export function clientPayload(
  delivery: DeliveryDocument,
  payload: string | null,
  nowMs: number,
  traceparent?: string,
): ClientPayload {
  const { facts, alias } = delivery;
  /** Behind an alias, a consumer is not told where the run was. */
  const open = <T>(value: T): T | null => (alias === undefined ? value : null);
  return {
    ...(payload !== null && { payload: JSON.parse(payload) as unknown }),
    run: {
      repository: open(facts.repository),
      repository_id: open(Number(facts.repositoryId)),
      workflow: open(delivery.workflow),
      run_id: open(Number(facts.runId)),
      run_attempt: facts.attempt,
      run_number: facts.runNumber,
      conclusion: facts.conclusion,
      event: facts.event,
      head_branch: open(facts.headBranch),
      head_sha: open(facts.headSha),
      actor: open(facts.actor),
      html_url: open(facts.htmlUrl),
      created_at: facts.createdAt,
      updated_at: facts.updatedAt,
    },
    _zekt: {
      deliveryId: delivery.deliveryId,
      correlationId: open(correlationIdOf(delivery.run)),
      eventId: delivery.eventId,
      service: alias ?? delivery.service,
      subscription: delivery.subscription,
      attempt: delivery.sent + 1,
      replayOf: delivery.replayOf,
      sentAt: isoTime(nowMs),
      ...(traceparent !== undefined && { traceparent }),
    },
  };
}
