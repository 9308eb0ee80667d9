import type { ClientPayload } from '@zekt/contracts';
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
  const { run, alias } = delivery;
  /** Behind an alias, a consumer is not told where the run was. */
  const open = <T>(value: T): T | null => (alias === undefined ? value : null);
  return {
    ...(payload !== null && { payload: JSON.parse(payload) as unknown }),
    run: {
      repository: open(run.repository),
      repository_id: open(Number(run.repositoryId)),
      workflow: open(delivery.workflow),
      run_id: open(Number(run.runId)),
      run_attempt: run.attempt,
      run_number: run.runNumber,
      conclusion: run.conclusion,
      event: run.event,
      head_branch: open(run.headBranch),
      head_sha: open(run.headSha),
      actor: open(run.actor),
      html_url: open(run.htmlUrl),
      created_at: run.createdAt,
      updated_at: run.updatedAt,
    },
    _zekt: {
      deliveryId: delivery.deliveryId,
      correlationId: open(delivery.correlationId),
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
