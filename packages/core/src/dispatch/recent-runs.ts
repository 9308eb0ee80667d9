import { getRun, laneOf, type Lane, type RunDocument } from '../correlate/run-document.ts';
import { correlationIdOf, type RunKey } from '../identity/keys.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { getMessage, type MessageDocument } from '../receive/message-document.ts';

/** Runs, and messages, whose deliveries are on their way now; each is read once for all of them. */
const maxRemembered = 64;

/** Decided runs and their messages, remembered while their deliveries are sent: what was written once does not change. */
export class RecentRuns {
  readonly #store: Pick<DocumentStore, 'get'>;
  readonly #runs = new Map<string, RunDocument>();
  readonly #messages = new Map<string, MessageDocument>();

  constructor(store: Pick<DocumentStore, 'get'>) {
    this.#store = store;
  }

  /** The run and the lane of that number; null while a plan that has them is not visible. */
  async plan(
    run: RunKey,
    { item, lane: index }: { readonly item: number; readonly lane: number },
  ): Promise<{ readonly document: RunDocument; readonly lane: Lane } | null> {
    const key = keyOf(run);
    const known = this.#runs.get(key);
    // A message that came late has added to it since.
    const document = known && known.items.length > item ? known : ((await getRun(this.#store, run))?.body ?? null);
    if (!document) return null;
    remember(this.#runs, key, document);
    const lane = await laneOf(this.#store, document, index);
    if (lane?.items.includes(item)) return { document, lane };
    this.#runs.delete(key);
    return null;
  }

  async message(run: RunKey, requestKey: string): Promise<MessageDocument | null> {
    const key = `${keyOf(run)}/${requestKey}`;
    const message = this.#messages.get(key) ?? (await getMessage(this.#store, run, requestKey));
    if (message) remember(this.#messages, key, message);
    return message;
  }
}

const keyOf = (run: RunKey): string => `${run.repository}/${correlationIdOf(run)}`;

function remember<T>(known: Map<string, T>, key: string, value: T): void {
  known.delete(key);
  known.set(key, value);
  const [oldest] = known.keys();
  if (known.size > maxRemembered && oldest !== undefined) known.delete(oldest);
}
