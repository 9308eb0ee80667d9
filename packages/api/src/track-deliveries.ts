import type { TrackingAnswer } from '@zekt/contracts';
import {
  identityRef,
  reportDelivery,
  ZektError,
  type DeliveryReference,
  type Report,
  type RepositoryRef,
} from '@zekt/core';
import { requireWorkflow } from './authenticate.ts';
import type { Call } from './call.ts';
import { presentToConsumer } from './present.ts';
import { readContract } from './read-body.ts';

export async function confirmDelivery(call: Call): Promise<TrackingAnswer> {
  const identity = await requireWorkflow(call.zekt, call.request);
  const reference = await readContract(call.request, 'ConfirmRequest');
  return report(call, identityRef(identity), reference, { kind: 'confirm' });
}

export async function completeDelivery(call: Call): Promise<TrackingAnswer> {
  const identity = await requireWorkflow(call.zekt, call.request);
  const { success, conclusion, message, ...reference } = await readContract(call.request, 'CompleteRequest');
  if (reference.deliveryId === undefined && reference.correlationId === undefined) {
    throw new ZektError('invalid_body', "The body must have 'deliveryId' or 'correlationId'.");
  }
  return report(call, identityRef(identity), reference, {
    kind: 'complete',
    success,
    ...(conclusion !== undefined && { conclusion }),
    ...(message !== undefined && { message }),
  });
}

async function report(
  { zekt }: Call,
  consumer: RepositoryRef,
  reference: DeliveryReference,
  what: Report,
): Promise<TrackingAnswer> {
  const delivery = await reportDelivery(zekt, consumer, reference, what, zekt.clock.now());
  zekt.counters.count(`deliveries.${delivery.state}`);
  return { success: true, delivery: presentToConsumer(delivery) };
}
