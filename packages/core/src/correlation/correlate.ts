import { createDeliveries } from '../delivery/create-deliveries.ts';
import { getRepository } from '../directory/repository.ts';
import { findServiceOfWorkflow, serviceId, servicesOfRepository, type ServiceDocument } from '../directory/service.ts';
import { subscriptionsOf } from '../directory/subscription.ts';
import { publicNameOf } from '../directory/visibility.ts';
import { domainEvent } from '../events/domain-event.ts';
import { runPartition } from '../identity/run-key.ts';
import { complete, type Bus, type Handler, type Settlement } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { GitHubGateway, RunFacts } from '../ports/github.ts';
import type { Count, Log } from '../ports/log.ts';
import { updateDocument } from '../ports/update-document.ts';
import { addToTimeline, runTimeline } from '../timeline.ts';
import { decide, type Waits } from './decide.ts';
import { planDeliveries } from './plan.ts';
import { runExpiry, type RunDocument } from './run-document.ts';

/** Why a run is looked at. */
export type CorrelateWork =
  | { readonly kind: 'message' | 'wake'; readonly correlationId: string }
  | { readonly kind: 'run'; readonly correlationId: string; readonly facts: RunFacts };

export interface CorrelateContext {
  readonly store: DocumentStore;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly github: Pick<GitHubGateway, 'findRun'>;
  readonly waits: Waits;
  readonly log: Log;
  readonly count: Count;
}

/** GitHub ends a run after 35 days at the latest. */
const longestRunMs = 35 * 86_400_000;
const askAgainMs = 15 * 60_000;

/** Joins messages and completion of one run and writes its deliveries. The bus gives each run one handler at a time. */
export function correlate(context: CorrelateContext): Handler {
  return async ({ body }) => {
    const work = body as CorrelateWork;
    if (work.kind === 'run') {
      const isOurs = await takeFacts(context, work.correlationId, work.facts);
      if (!isOurs) return complete;
    }
    return advance(context, work.correlationId);
  };
}

/** Stores what GitHub said about the run. False when the run is nobody's business: no message, and its repository offers nothing. */
async function takeFacts({ store, clock }: CorrelateContext, correlationId: string, facts: RunFacts): Promise<boolean> {
  const partition = runPartition(correlationId);
  const known = await store.get<RunDocument>(partition, 'run');
  if (!known && !(await isProvider(store, facts))) return false;
  const nowMs = clock.now();
  const isFinal = facts.status === 'completed';
  await updateDocument<RunDocument>(store, partition, 'run', (run) => {
    // Completed is final: GitHub keeps no order, so an older state may come after it.
    if (run?.completedAt !== undefined) return null;
    const base = run ?? { correlationId, firstSeenAt: nowMs, workflow: null, messages: [], decided: 0, deliveries: 0 };
    const { expired: _, ...reopened } = base;
    const next: RunDocument = { ...(isFinal ? reopened : base), workflow: base.workflow ?? facts.workflow, facts };
    const event = domainEvent('run.completed', nowMs, {
      once: correlationId,
      summary: `Run ${facts.runId} of ${facts.repository} completed: ${facts.conclusion ?? 'no conclusion'}.`,
      correlationId,
      repositoryId: facts.repositoryId,
      ...(facts.actor !== null && { actor: facts.actor }),
    });
    return {
      body: isFinal ? { ...next, completedAt: nowMs } : next,
      expiresAt: runExpiry(base.firstSeenAt),
      messages: isFinal ? [event] : [],
    };
  });
  return true;
}

/** A run that has only begun matters if its workflow is a service; a completed one if its repository is a provider at all. */
async function isProvider(store: DocumentStore, facts: RunFacts): Promise<boolean> {
  if (facts.status === 'completed') return (await servicesOfRepository(store, facts.repositoryId)).length > 0;
  return facts.workflow !== null && (await findServiceOfWorkflow(store, facts.repositoryId, facts.workflow)) !== null;
}

async function advance(context: CorrelateContext, correlationId: string): Promise<Settlement> {
  const { store, bus, clock, waits } = context;
  const found = await store.get<RunDocument>(runPartition(correlationId), 'run');
  if (!found) return complete;
  const run = found.body;
  await index(store, run);
  const decision = decide(run, clock.now(), waits);
  switch (decision.kind) {
    case 'done':
      return complete;
    case 'wait': {
      const wake: CorrelateWork = { kind: 'wake', correlationId };
      await bus.publish([
        {
          queue: 'correlate',
          id: `wake:${correlationId}:${decision.until}`,
          session: `run:${correlationId}`,
          body: wake,
          notBefore: decision.until,
        },
      ]);
      return complete;
    }
    case 'ask':
      return ask(context, run);
    case 'deliver': {
      const [repositoryId = ''] = correlationId.split(':');
      const service = run.workflow === null ? null : await findServiceOfWorkflow(store, repositoryId, run.workflow);
      const obstacle = obstacleTo(run, service);
      if (service && obstacle === null)
        await deliver(context, run, service, decision.items, decision.from, decision.eventOnly);
      else await block(context, run, obstacle ?? '', decision.items.length, decision.eventOnly);
      return complete;
    }
  }
}

/** Why a run is not delivered, or null. */
function obstacleTo(run: RunDocument, service: ServiceDocument | null): string | null {
  if (!service) return `The workflow '${run.workflow ?? 'unknown'}' is not allow-listed as a service.`;
  if (service.suspended !== null) return service.suspended;
  if (run.facts && run.facts.ownerId !== service.ownerId)
    return 'The repository has another owner than the one who offered the service.';
  return null;
}

async function index(store: DocumentStore, run: RunDocument): Promise<void> {
  if (run.indexed) return;
  await addToTimeline(store, runTimeline, run.firstSeenAt, run.correlationId, { correlationId: run.correlationId });
  await updateDocument<RunDocument>(store, runPartition(run.correlationId), 'run', (current) =>
    current && !current.indexed
      ? { body: { ...current, indexed: true }, expiresAt: runExpiry(current.firstSeenAt) }
      : null,
  );
}

async function deliver(
  { store, clock }: CorrelateContext,
  run: RunDocument,
  service: ServiceDocument,
  items: Parameters<typeof planDeliveries>[0]['items'],
  from: number,
  eventOnly: boolean,
): Promise<void> {
  const { correlationId, facts } = run;
  if (!facts) return;
  // The event-only decision is kept before anything follows from it: a message that comes later is a delivery of its own.
  if (eventOnly) await mark(store, correlationId, (current) => ({ ...current, eventOnly: true }));
  const id = serviceId(service.owner, service.name);
  let written = 0;
  for await (const page of subscriptionsOf(store, id)) {
    const planned = planDeliveries(
      { correlationId, conclusion: facts.conclusion, eventType: service.eventType, items, from },
      page,
    );
    await createDeliveries(store, {
      correlationId,
      facts,
      workflow: run.workflow ?? '',
      service: id,
      alias: service.alias === null ? null : publicNameOf(service),
      planned,
      atMs: run.completedAt ?? clock.now(),
    });
    written += planned.length;
  }
  await mark(store, correlationId, (current) => {
    const { blocked: _, ...rest } = current;
    return {
      ...rest,
      service: id,
      decided: Math.max(current.decided, items.length),
      deliveries: current.deliveries + written,
    };
  });
}

async function block(
  { store, clock, count }: CorrelateContext,
  run: RunDocument,
  reason: string,
  decided: number,
  eventOnly: boolean,
): Promise<void> {
  const { correlationId, facts } = run;
  const event = domainEvent('run.blocked', clock.now(), {
    once: correlationId,
    summary: `Run ${facts?.runId ?? correlationId} of ${facts?.repository ?? 'a provider'} was not delivered: ${reason}`,
    correlationId,
    reason,
    ...(facts && { repositoryId: facts.repositoryId }),
  });
  const updated = await updateDocument<RunDocument>(store, runPartition(correlationId), 'run', (current) =>
    current && current.decided < decided
      ? {
          body: { ...current, blocked: reason, decided, ...(eventOnly && { eventOnly: true as const }) },
          expiresAt: runExpiry(current.firstSeenAt),
          messages: [event],
        }
      : null,
  );
  if (updated.changed) count('runs.blocked');
}

async function mark(
  store: DocumentStore,
  correlationId: string,
  change: (run: RunDocument) => RunDocument,
): Promise<void> {
  await updateDocument<RunDocument>(store, runPartition(correlationId), 'run', (current) =>
    current ? { body: change(current), expiresAt: runExpiry(current.firstSeenAt) } : null,
  );
}

/** The completion is overdue: the webhook may be lost, the run may still be going, or gone. */
async function ask(context: CorrelateContext, run: RunDocument): Promise<Settlement> {
  const { store, clock, github, waits, log } = context;
  const { correlationId } = run;
  const [repositoryId = '', runId = '', attempt = ''] = correlationId.split(':');
  const nowMs = clock.now();
  const isHopeless = nowMs >= run.firstSeenAt + longestRunMs;
  const repository = await getRepository(store, repositoryId);
  let facts: RunFacts | null = null;
  if (repository?.installationId) {
    try {
      facts = await github.findRun(
        { id: repositoryId, fullName: repository.fullName, installationId: repository.installationId },
        runId,
        Number(attempt),
      );
    } catch (error) {
      if (!isHopeless) {
        log.warn({ correlationId, err: error }, 'GitHub could not be asked for an overdue run; asking again later');
        return { settle: 'again', at: nowMs + askAgainMs };
      }
    }
  }
  if (facts?.status === 'completed') {
    await takeFacts(context, correlationId, facts);
    return advance(context, correlationId);
  }
  if (facts && !isHopeless) return { settle: 'again', at: nowMs + waits.completionWaitMs };
  await updateDocument<RunDocument>(store, runPartition(correlationId), 'run', (current) =>
    current && current.completedAt === undefined && !current.expired
      ? {
          body: { ...current, expired: true },
          expiresAt: runExpiry(current.firstSeenAt),
          messages: [
            domainEvent('run.expired', nowMs, {
              once: correlationId,
              summary: `Run ${runId} never completed as far as GitHub tells; its ${current.messages.length} message(s) were not delivered.`,
              correlationId,
              repositoryId,
              reason: facts
                ? `The run is still ${facts.status}.`
                : 'GitHub does not know the run, or the App can not see it.',
            }),
          ],
        }
      : null,
  );
  return complete;
}
