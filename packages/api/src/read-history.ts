import type {
  DeadLetterPage,
  Delivery,
  DeliveryPage,
  DomainEvent,
  DomainEventPage,
  Run,
  RunPage,
} from '@zekt/contracts';
import {
  findSubscription,
  isoTime,
  listDeliveries as deliveriesOfAll,
  listDeliveriesOfRun,
  listDeliveriesOfSubscription,
  listRuns as runsOfAll,
  queues,
  readDelivery as findDelivery,
  readJournal,
  runKeyOf,
  viewRun,
  ZektError,
  type DeliveryDocument,
  type Page,
  type RunKey,
} from '@zekt/core';
import { param, readPaging, type Call } from './call.ts';
import { presentDelivery, presentRun } from './present.ts';

export async function listRuns(call: Call): Promise<RunPage> {
  const { store, issuer, clock } = call.zekt;
  const page = await runsOfAll(store, issuer, clock.now(), readPaging(call));
  return { items: page.items.map(presentRun), next: page.next };
}

/** @throws ZektError `not_found` for what is no correlation id */
function runNamed({ zekt }: Call, correlationId: string): RunKey {
  const run = runKeyOf(zekt.issuer, correlationId);
  if (!run) throw noSuchRun(correlationId);
  return run;
}

const noSuchRun = (correlationId: string): ZektError =>
  new ZektError(
    'not_found',
    `There is no run '${correlationId.slice(0, 100)}'. A correlation id is <repository id>:<run id>:<attempt>.`,
  );

export async function getRun(call: Call): Promise<Run> {
  const correlationId = param(call, 'correlationId');
  const view = await viewRun(call.zekt.store, runNamed(call, correlationId));
  if (!view) throw noSuchRun(correlationId);
  return presentRun(view);
}

async function deliveriesFor(call: Call): Promise<Page<DeliveryDocument>> {
  const { zekt, request } = call;
  const query = new URL(request.url).searchParams;
  const paging = readPaging(call);
  const run = query.get('run');
  const name = query.get('subscription');
  if (run !== null && name !== null) throw new ZektError('invalid_query', "Give 'run' or 'subscription', not both.");
  if (run !== null) {
    const key = runKeyOf(zekt.issuer, run);
    return key ? listDeliveriesOfRun(zekt, key, paging) : { items: [], next: null };
  }
  const nowMs = zekt.clock.now();
  if (name === null) return deliveriesOfAll(zekt, nowMs, paging);
  const subscription = await findSubscription(zekt.store, name);
  if (!subscription) return { items: [], next: null };
  return listDeliveriesOfSubscription(zekt, subscription.body.id, nowMs, paging);
}

export async function listDeliveries(call: Call): Promise<DeliveryPage> {
  const page = await deliveriesFor(call);
  return { items: page.items.map(presentDelivery), next: page.next };
}

export async function readDelivery(call: Call): Promise<Delivery> {
  const deliveryId = param(call, 'deliveryId');
  const delivery = await findDelivery(call.zekt, deliveryId, call.zekt.clock.now());
  if (!delivery) throw new ZektError('not_found', `There is no delivery '${deliveryId}'.`);
  return presentDelivery(delivery);
}

export async function listEvents(call: Call): Promise<DomainEventPage> {
  const { store, clock } = call.zekt;
  const { after, limit } = readPaging(call);
  const items = new Map<string, DomainEvent>();
  for await (const { entry, next } of readJournal(store, clock.now(), after)) {
    // Work that was done again may have told of it twice.
    if (entry.event) items.set(entry.event.id, entry.event);
    if (items.size === limit) return { items: [...items.values()], next };
  }
  return { items: [...items.values()], next: null };
}

/** Of every queue, one after the other: `after` is `<queue>/<where its last page ended>`. */
export async function listDeadLetters(call: Call): Promise<DeadLetterPage> {
  const { after = '', limit } = readPaging(call);
  const slash = after.indexOf('/');
  let place = after.slice(slash + 1);
  const start = slash < 0 ? 0 : queues.findIndex((queue) => queue === after.slice(0, slash));
  const items: DeadLetterPage['items'] = [];
  for (const queue of start < 0 ? [] : queues.slice(start)) {
    if (items.length === limit) return { items, next: `${queue}/` };
    const page = await call.zekt.bus.deadLetters(queue, {
      limit: limit - items.length,
      ...(place !== '' && { after: place }),
    });
    items.push(
      ...page.items.map(({ id, session, reason, deadAt, deliveryCount }) => ({
        queue,
        id,
        session,
        reason,
        deadAt: isoTime(deadAt),
        deliveryCount,
      })),
    );
    if (page.next !== null) return { items, next: `${queue}/${page.next}` };
    place = '';
  }
  return { items, next: null };
}
