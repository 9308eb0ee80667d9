import {
  openApiDocument,
  version,
  type DeadLetterReference,
  type Diagnostics,
  type DoctorAnswer,
  type Health,
  type OpenApi,
  type Redriven,
  type ReplayAnswer,
  type Revived,
  type Stats,
  type WebhooksRedelivered,
} from '@zekt/contracts';
import {
  connectionHealth,
  findSubscription,
  isoTime,
  queues,
  recentDeliveries,
  redrive as redriveSince,
  replayDelivery,
  ZektError,
  type WantedWebhooks,
} from '@zekt/core';
import { param, type Call } from './call.ts';
import { presentDelivery } from './present.ts';
import { readContract } from './read-body.ts';
import { readIdempotencyKey } from './receive-event.ts';

export async function replay(call: Call): Promise<ReplayAnswer> {
  const { zekt, request, requestId } = call;
  const key = readIdempotencyKey(request) ?? requestId;
  const { deliveryId, replayOf } = await replayDelivery(zekt, param(call, 'deliveryId'), key, zekt.clock.now());
  return { deliveryId, replayOf: replayOf ?? '' };
}

export async function reviveDeadLetter({ zekt, request }: Call): Promise<DeadLetterReference> {
  const { queue, id } = await readContract(request, 'DeadLetterReference');
  if (!(await zekt.bus.revive(queue, id)))
    throw new ZektError('not_found', `The queue '${queue}' has no dead letter '${id}'.`);
  return { queue, id };
}

export async function reviveDeadLetters({ zekt, request }: Call): Promise<Revived> {
  const { queue } = await readContract(request, 'ReviveRequest');
  return { queue, revived: await zekt.bus.reviveAll(queue) };
}

/** @throws ZektError `invalid_body` for a time that is none, or ahead */
export async function redrive({ zekt, request, requestId }: Call): Promise<Redriven> {
  const nowMs = zekt.clock.now();
  const wanted = await readRedrive(request, nowMs);
  return redriveSince(zekt, { ...wanted, nowMs, occasion: requestId });
}

/** @throws ZektError `invalid_body` for a time that is none, or ahead; `github_unreachable`, `github_refused` */
export async function redeliverWebhooks({ zekt, request }: Call): Promise<WebhooksRedelivered> {
  return zekt.redeliverWebhooks(await readRedrive(request, zekt.clock.now()));
}

async function readRedrive(request: Request, nowMs: number): Promise<WantedWebhooks> {
  const { since, after, dryRun = false } = await readContract(request, 'RedriveRequest');
  const sinceMs = Date.parse(since);
  if (!Number.isFinite(sinceMs) || sinceMs > nowMs)
    throw new ZektError(
      'invalid_body',
      `'since' must be a time that is past, in ISO 8601; got '${since.slice(0, 40)}'.`,
    );
  return { sinceMs, after, isDryRun: dryRun };
}

export async function diagnoseConnection(call: Call): Promise<Diagnostics> {
  const { store, clock, confirmWithinMs } = call.zekt;
  const subscription = await findSubscription(store, param(call, 'id'));
  if (!subscription) throw new ZektError('not_found', `There is no subscription '${param(call, 'id')}'.`);
  const { id, name, service, repository } = subscription.body;
  const { lastActivityAt, lastFailures, groups, window, ...found } = connectionHealth(
    await recentDeliveries(store, id, clock.now()),
    clock.now(),
    confirmWithinMs,
  );
  return {
    connection: name,
    service,
    repository,
    ...found,
    window,
    groups: [...groups],
    lastActivityAt: lastActivityAt === null ? null : isoTime(lastActivityAt),
    lastFailures: lastFailures.map(presentDelivery),
  };
}

/** @throws ZektError `invalid_query` */
export async function diagnose({ zekt, request }: Call): Promise<DoctorAnswer> {
  const query = new URL(request.url).searchParams;
  const repository = query.get('repository');
  const workflow = query.get('workflow');
  if (repository === null) {
    if (workflow === null) return zekt.doctor.examine();
    throw new ZektError('invalid_query', "'workflow' needs 'repository' beside it.");
  }
  if (!/^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(repository))
    throw new ZektError('invalid_query', "'repository' must be owner/name.");
  return zekt.doctor.examine({ repository, workflow });
}

export async function stats({ zekt }: Call): Promise<Stats> {
  const depths = await Promise.all(queues.map(async (queue) => [queue, { ...(await zekt.bus.depth(queue)) }] as const));
  return { counters: await zekt.counters.lastDay(zekt.store), queues: Object.fromEntries(depths) };
}

export async function health(): Promise<Health> {
  return { status: 'ok', version };
}

export async function readiness({ zekt }: Call): Promise<Response> {
  const found = await zekt.probe.look();
  return Response.json(found, { status: found.ready ? 200 : 503, headers: found.ready ? {} : { 'retry-after': '5' } });
}

const document = openApiDocument(version);
export async function openApi(): Promise<OpenApi> {
  return document;
}
