import type { DomainEvent, HookEventBody } from '@zekt/contracts';
import { issuerTag } from '@zekt/core';
import type { TargetDocument } from '../targets/target-document.ts';
import type { AggregateDocument } from './aggregate-document.ts';

/** What a target is told of an event. */
export function eventBody(
  { aggregate, known }: AggregateDocument,
  event: DomainEvent,
  deliveryId: string,
  { spec }: TargetDocument,
  issuer: string,
): object {
  const body: HookEventBody = {
    deliveryId,
    eventId: event.id,
    eventType: event.type,
    aggregateType: aggregate.type,
    aggregateId: aggregate.id,
    sequence: known[event.id] ?? 0,
    createdAt: event.at,
    tenantId: issuerTag(issuer),
    actor: event.actor ?? null,
    correlationId: event.correlationId ?? null,
    payload: event,
  };
  return spec.compatibility === 'zitadel' ? zitadelEvent(body) : body;
}

/** The field names of ZITADEL Actions v2 ("Test Actions Event", zitadel.com/docs). */
const zitadelEvent = ({
  aggregateId,
  aggregateType,
  sequence,
  eventType,
  createdAt,
  actor,
  tenantId,
  payload,
}: HookEventBody): object => ({
  aggregateID: aggregateId,
  aggregateType,
  resourceOwner: tenantId ?? '',
  instanceID: tenantId ?? '',
  version: 'v1',
  sequence,
  event_type: eventType,
  created_at: createdAt,
  userID: actor ?? '',
  event_payload: payload,
});
