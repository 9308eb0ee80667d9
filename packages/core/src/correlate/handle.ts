import type { CorrelateWork } from '../hints.ts';
import type { RunKey } from '../identity/keys.ts';
import { done, type Handler, type Outcome } from '../ports/bus.ts';
import type { DocumentStore, Stored } from '../ports/document-store.ts';
import type { RunFacts } from '../ports/github.ts';
import { messagesOf, type MessageDocument } from '../receive/message-document.ts';
import { askAboutRun, type Asked } from './ask.ts';
import type { CorrelateContext } from './context.ts';
import { addMessages, decideRun } from './decide.ts';
import { giveUp } from './give-up.ts';
import { announce, outcomeOf } from './outcome.ts';
import { getRun, lanesOf, type Lane, type RunDocument } from './run-document.ts';

/** Joins messages and completion of one run and decides who gets what. The bus gives each run one handler at a time. */
export function correlate(context: CorrelateContext): Handler {
  return async ({ body, deliveryCount }) => {
    const work = body as CorrelateWork;
    const isRepeated = deliveryCount > 1;
    switch (work.kind) {
      case 'message':
        return () => onMessage(context, work, isRepeated);
      case 'completed':
        return () => onCompleted(context, work, work.facts);
      case 'planned':
        return () => onPlanned(context, work);
      case 'overdue':
      case 'redrive': {
        const asked = await askAboutRun(context, work.run);
        return () => onOverdue(context, work, asked);
      }
    }
  };
}

const askAgainMs = 15 * 60_000;

type Work<K extends CorrelateWork['kind']> = Extract<CorrelateWork, { readonly kind: K }>;

/**
 * Before the completion there is nothing to do: the completion finds every message. After it, the message is late, and with it come all that
 * are late, so that they keep their order.
 */
async function onMessage(
  context: CorrelateContext,
  { run, requestKey }: Work<'message'>,
  isRepeated: boolean,
): Promise<Outcome> {
  const { store, cards } = context;
  const found = await getRun(store, run);
  if (!found || found.body.expired) return done;
  if (found.body.items.some(({ key }) => key === requestKey)) return isRepeated ? repeat(context, found.body) : done;
  const late = await lateMessages(store, found.body);
  if (!late.some((message) => message.requestKey === requestKey))
    throw new Error(`A message of run ${run.runId} is not visible yet.`);
  const before = await allLanes(store, found.body);
  const decided = addMessages(found.body, before, late, await cards.get(run.repository), context.clock.now());
  return outcomeOf(context, decided, found.etag, {
    isNew: (item) => item >= found.body.items.length,
    isLate: true,
  });
}

async function onCompleted(
  context: CorrelateContext,
  work: Pick<Work<'completed'>, 'run' | 'completedAt'>,
  facts: RunFacts,
  occasion?: string,
): Promise<Outcome> {
  const { store, cards, clock, waits } = context;
  const { run } = work;
  const found = await getRun(store, run);
  // Told again: by the bus after a crash, or by GitHub, which somebody asked to. What followed from the decision may be lost.
  if (found && !found.body.expired) return redo(context, found, occasion);
  const nowMs = clock.now();
  const completedAt = work.completedAt ?? nowMs;
  const messages = await messagesOf(store, run);
  const card = await cards.get(run.repository);
  if (messages.length === 0) {
    if (card.services.length === 0) return done;
    const until = completedAt + waits.eventOnlyGraceMs;
    if (nowMs < until)
      return {
        settlement: {
          settle: 'again',
          at: until,
          body: { kind: 'completed', run, facts, completedAt } satisfies CorrelateWork,
        },
      };
  }
  const decided = decideRun(context.ids, { run, facts, messages, card, completedAt, nowMs });
  if (decided.document.blocked !== null) context.count('runs.blocked');
  return outcomeOf(context, decided, found?.etag ?? null, { occasion });
}

/** The next part of a plan that did not fit into one outcome. */
async function onPlanned(context: CorrelateContext, { run, from }: Work<'planned'>): Promise<Outcome> {
  const found = await visibleRun(context.store, run);
  return announce(context, found.body, await allLanes(context.store, found.body), { from, now: context.clock.now() });
}

/** What its messages wait for is late, or may have been lost. */
async function onOverdue(context: CorrelateContext, work: Work<'overdue' | 'redrive'>, asked: Asked): Promise<Outcome> {
  const { kind, run } = work;
  const occasion = work.kind === 'redrive' ? work.occasion : undefined;
  const { store, clock, waits } = context;
  const found = await getRun(store, run);
  if (found && !found.body.expired) return kind === 'redrive' ? redo(context, found, occasion) : done;
  if (asked === 'not needed') return done;
  if (asked === 'unreachable') return { settlement: { settle: 'again', at: clock.now() + askAgainMs } };
  if (asked !== 'unknown' && asked.status === 'completed') return onCompleted(context, { run }, asked, occasion);
  const messages = await messagesOf(store, run);
  const nowMs = clock.now();
  return giveUp(context, run, messages, asked, found, { nowMs, againAt: nowMs + waits.completionWaitMs });
}

/** Everything that follows from a decision once more, under the same ids: a crash may have come before it. */
const repeat = async (context: CorrelateContext, document: RunDocument, occasion?: string): Promise<Outcome> =>
  announce(context, document, await allLanes(context.store, document), { now: context.clock.now(), occasion });

/** The same where a hint at a late message may have been lost, too. */
async function redo(
  context: CorrelateContext,
  { body, etag }: Stored<RunDocument>,
  occasion?: string,
): Promise<Outcome> {
  const { store, cards, clock } = context;
  const late = await lateMessages(store, body);
  if (late.length === 0) return repeat(context, body, occasion);
  const card = await cards.get(body.run.repository);
  return outcomeOf(context, addMessages(body, await allLanes(store, body), late, card, clock.now()), etag, {
    occasion,
  });
}

async function lateMessages(store: DocumentStore, { run, items }: RunDocument): Promise<MessageDocument[]> {
  const known = new Set(items.map(({ key }) => key));
  return (await messagesOf(store, run)).filter(({ requestKey }) => !known.has(requestKey));
}

async function allLanes(store: DocumentStore, document: RunDocument): Promise<Lane[]> {
  const lanes: Lane[] = [];
  for await (const lane of lanesOf(store, document)) lanes.push(lane);
  return lanes;
}

async function visibleRun(store: DocumentStore, run: RunKey): Promise<Stored<RunDocument>> {
  const found = await getRun(store, run);
  if (!found) throw new Error(`Run ${run.runId} is not visible yet.`);
  return found;
}
