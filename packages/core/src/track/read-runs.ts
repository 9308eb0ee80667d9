import { getRun, type Item, type RunDocument } from '../correlate/run-document.ts';
import { runKeyOf, type RunKey } from '../identity/keys.ts';
import { readJournal } from '../journal/read.ts';
import type { DocumentStore, Page } from '../ports/document-store.ts';
import { messagesOf } from '../receive/message-document.ts';

/** A run as it is known: decided, or waiting for its completion. */
export type RunView =
  | { readonly kind: 'decided'; readonly document: RunDocument }
  | { readonly kind: 'waiting'; readonly run: RunKey; readonly workflow: string; readonly items: readonly Item[] };

/** Entries of the journal that are looked at for one page of a list. */
const maxExamined = 2000;

export async function viewRun(store: Pick<DocumentStore, 'get' | 'list'>, run: RunKey): Promise<RunView | null> {
  const found = await getRun(store, run);
  if (found) return { kind: 'decided', document: found.body };
  const messages = await messagesOf(store, run);
  const [first] = messages;
  if (!first) return null;
  const items = messages.map(({ requestKey, eventId, eventType, receivedAt }) => ({
    key: requestKey,
    eventId,
    eventType,
    receivedAt,
  }));
  return { kind: 'waiting', run, workflow: first.workflow, items };
}

/** When the last thing happened to a run that the journal tells of (ms). */
function lastChangeOf(view: RunView): number {
  const { items, decidedAt } = view.kind === 'decided' ? view.document : { ...view, decidedAt: 0 };
  return Math.max(decidedAt, ...items.map(({ receivedAt }) => receivedAt));
}

const tellsOfRun = new Set(['message.received', 'run.completed', 'run.blocked', 'run.expired']);

/** Runs by what happened last to them, newest first. A page may have fewer than asked for, and still a next one. */
export async function listRuns(
  store: Pick<DocumentStore, 'get' | 'list'>,
  issuer: string,
  nowMs: number,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<Page<RunView>> {
  const seen = new Set<string>();
  const items: RunView[] = [];
  let examined = 0;
  for await (const { entry, next } of readJournal(store, nowMs, after)) {
    examined += 1;
    const correlationId = entry.event && tellsOfRun.has(entry.event.type) ? entry.event.correlationId : undefined;
    const run = correlationId === undefined || seen.has(correlationId) ? null : runKeyOf(issuer, correlationId);
    if (run && correlationId !== undefined) {
      seen.add(correlationId);
      const view = await viewRun(store, run);
      // One that something newer happened to was on a page before.
      if (view && lastChangeOf(view) <= entry.at) items.push(view);
    }
    if (items.length === limit || examined === maxExamined) return { items, next };
  }
  return { items, next: null };
}
