import { correlationIdOf, repositoryIdOf, runDocumentId, runPartition, type RunKey } from '../identity/keys.ts';
import { reports, type Listeners } from '../journal/append.ts';
import { journalEntry } from '../journal/entry.ts';
import { complete, done, type Outcome } from '../ports/bus.ts';
import type { Stored, Write } from '../ports/document-store.ts';
import type { RunFacts } from '../ports/github.ts';
import type { MessageDocument } from '../receive/message-document.ts';
import { runExpiry, type RunDocument } from './run-document.ts';

/** GitHub ends a run after 35 days at the latest. */
const longestRunMs = 35 * 86_400_000;

/**
 * What becomes of messages whose run has not completed as far as GitHub tells: they wait on while the run goes on; when it is gone, or
 * too old to go on, the run is expired. It is looked at again should its completion come after all.
 */
export function giveUp(
  { listeners }: { readonly listeners: Listeners },
  run: RunKey,
  messages: readonly MessageDocument[],
  asked: RunFacts | 'unknown',
  found: Stored<RunDocument> | null,
  { nowMs, againAt }: { readonly nowMs: number; readonly againAt: number },
): Outcome {
  const [first] = messages;
  if (!first) return done;
  const isHopeless = nowMs >= first.receivedAt + longestRunMs;
  if (asked !== 'unknown' && !isHopeless) return { settlement: { settle: 'again', at: againAt } };
  if (found?.body.items.length === messages.length) return done;
  const body: RunDocument = {
    run,
    facts: null,
    workflow: first.workflow,
    firstSeenAt: first.receivedAt,
    completedAt: null,
    decidedAt: nowMs,
    items: messages.map(({ requestKey, eventId, eventType, receivedAt }) => ({
      key: requestKey,
      eventId,
      eventType,
      receivedAt,
    })),
    service: null,
    blocked: null,
    expired: true,
    lanes: [],
    lanesPerPage: 1,
    furtherPages: 0,
    deliveries: 0,
  };
  const common = { id: runDocumentId, body, expiresAt: runExpiry(nowMs) };
  const write: Write = found ? { kind: 'replace', etag: found.etag, ...common } : { kind: 'create', ...common };
  const correlationId = correlationIdOf(run);
  const entry = journalEntry('run.expired', nowMs, {
    once: correlationId,
    summary: `Run ${run.runId} never completed as far as GitHub tells; its ${messages.length} message(s) were not delivered.`,
    correlationId,
    repositoryId: repositoryIdOf(run.repository),
    reason:
      asked === 'unknown'
        ? 'GitHub does not know the run, or the App can not see it.'
        : `The run is still ${asked.status}.`,
  });
  const { journal, messages: told } = reports([entry], listeners);
  return {
    batches: [{ partition: runPartition(run), writes: [write] }],
    journal,
    messages: told,
    settlement: complete,
  };
}
