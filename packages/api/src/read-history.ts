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
  allRunDeliveries,
  connectionTimeline,
  deliveryTimeline,
  eventTimeline,
  getDelivery,
  isoTime,
  queues,
  readTimeline,
  runPartition,
  runTimeline,
  ZektError,
  type DeliveryPointer,
  type Page,
  type RunDocument,
} from '@zekt/core';
import { param, readPaging, type Call } from './call.ts';
import { presentDelivery, presentRun } from './present.ts';

async function findRun({ zekt }: Call, correlationId: string): Promise<RunDocument | null> {
  return (await zekt.store.get<RunDocument>(runPartition(correlationId), 'run'))?.body ?? null;
}

export async function listRuns(call: Call): Promise<RunPage> {
  const page = await readTimeline<{ correlationId: string }>(
    call.zekt.store,
    runTimeline,
    call.zekt.clock.now(),
    readPaging(call),
  );
  const runs = await Promise.all(page.items.map(({ correlationId }) => findRun(call, correlationId)));
  return { items: runs.filter((run) => run !== null).map(presentRun), next: page.next };
}

export async function getRun(call: Call): Promise<Run> {
  const run = await findRun(call, param(call, 'correlationId'));
  if (!run)
    throw new ZektError(
      'not_found',
      `There is no run '${param(call, 'correlationId')}'. A correlation id is <repository id>:<run id>:<attempt>.`,
    );
  return presentRun(run);
}

async function pointersFor(call: Call): Promise<Page<DeliveryPointer>> {
  const { store, clock } = call.zekt;
  const query = new URL(call.request.url).searchParams;
  const paging = readPaging(call);
  const run = query.get('run');
  const subscription = query.get('subscription');
  if (run !== null && subscription !== null)
    throw new ZektError('invalid_query', "Give 'run' or 'subscription', not both.");
  if (run !== null) {
    const { after, limit } = paging;
    const page = await store.list<DeliveryPointer>(runPartition(run), {
      prefix: allRunDeliveries,
      limit,
      ...(after !== undefined && { after }),
    });
    return { items: page.items.map(({ body }) => body), next: page.next };
  }
  const timeline = subscription === null ? deliveryTimeline : connectionTimeline(subscription);
  return readTimeline<DeliveryPointer>(store, timeline, clock.now(), paging);
}

export async function listDeliveries(call: Call): Promise<DeliveryPage> {
  const page = await pointersFor(call);
  const found = await Promise.all(page.items.map(({ deliveryId }) => getDelivery(call.zekt.store, deliveryId)));
  return { items: found.filter((delivery) => delivery !== null).map(presentDelivery), next: page.next };
}

export async function readDelivery(call: Call): Promise<Delivery> {
  const delivery = await getDelivery(call.zekt.store, param(call, 'deliveryId'));
  if (!delivery) throw new ZektError('not_found', `There is no delivery '${param(call, 'deliveryId')}'.`);
  return presentDelivery(delivery);
}

export async function listEvents(call: Call): Promise<DomainEventPage> {
  const page = await readTimeline<DomainEvent>(call.zekt.store, eventTimeline, call.zekt.clock.now(), readPaging(call));
  return { items: [...page.items], next: page.next };
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
