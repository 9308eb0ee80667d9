import { updateDocument, type Clock, type DocumentStore } from '@zekt/core';
import type { HooksOfScope, Scope } from '../executions/hooks-of-scope.ts';
import { scopeDocumentId, scopePartition } from '../keys.ts';
import type { TargetDocument } from '../targets/target-document.ts';

export type HooksDocument = HooksOfScope<TargetDocument>;

export const noHooks: HooksDocument = { targets: {}, executions: {} };

/** Another process's change is seen here after this time at the latest; this process's own at once. */
export const staleAfterMs = 1000;
const mostScopes = 10_000;

interface Known {
  readonly hooks: HooksDocument;
  readonly until: number;
}

/** What each scope has. A call costs one point read a second for each scope that it asks of, whatever is called meanwhile. */
export class ScopeHooks {
  readonly #store: DocumentStore;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #known = new Map<Scope, Known>();
  readonly #reading = new Map<Scope, Promise<HooksDocument>>();

  constructor(store: DocumentStore, clock: Pick<Clock, 'now'>) {
    this.#store = store;
    this.#clock = clock;
  }

  /** What is known of a scope, without waiting; null when that may be out of date. */
  known(scope: Scope): HooksDocument | null {
    const known = this.#known.get(scope);
    return known && known.until > this.#clock.now() ? known.hooks : null;
  }

  /** At most a second old. */
  async of(scope: Scope): Promise<HooksDocument> {
    return this.known(scope) ?? this.#reading.get(scope) ?? this.#read(scope);
  }

  /** As it is at this moment: for whoever manages it. */
  async now(scope: Scope): Promise<HooksDocument> {
    return (await this.#store.get<HooksDocument>(scopePartition(scope), scopeDocumentId))?.body ?? noHooks;
  }

  /**
   * Changes a scope as a whole, or not at all.
   *
   * @param change asked again when somebody else was quicker; the same value means: nothing to do
   */
  async change(scope: Scope, change: (current: HooksDocument) => HooksDocument): Promise<HooksDocument> {
    let result = noHooks;
    await updateDocument<HooksDocument>(this.#store, scopePartition(scope), scopeDocumentId, (current) => {
      const before = current ?? noHooks;
      result = change(before);
      return result === before ? null : { body: result };
    });
    this.#known.delete(scope);
    // What was read before the change is not kept after it.
    this.#reading.delete(scope);
    return result;
  }

  #read(scope: Scope): Promise<HooksDocument> {
    const until = this.#clock.now() + staleAfterMs;
    const reading = this.now(scope);
    this.#reading.set(scope, reading);
    const isOver = (): boolean => {
      if (this.#reading.get(scope) !== reading) return false;
      return this.#reading.delete(scope);
    };
    reading.then(
      (hooks) => {
        if (isOver()) this.#remember(scope, { hooks, until });
      },
      () => void isOver(),
    );
    return reading;
  }

  #remember(scope: Scope, known: Known): void {
    this.#known.delete(scope);
    this.#known.set(scope, known);
    const oldest = this.#known.size > mostScopes ? this.#known.keys().next().value : undefined;
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
