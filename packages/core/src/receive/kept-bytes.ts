import { usagePartition } from '../identity/keys.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { updateDocument } from '../ports/update-document.ts';
import { payloadKeptMs } from './message-document.ts';

interface DayUsage {
  readonly bytes: number;
}

const dayMs = 86_400_000;
/** How long a sum is believed, beside what this process adds itself. */
const believedMs = 10 * 60_000;

/**
 * How many bytes of payloads are kept for an account, by day, so that what is no longer kept stops counting. Added up in memory and
 * written every minute: a crash forgets a minute, which does no harm to a limit.
 */
export class KeptBytes {
  readonly #store: DocumentStore;
  readonly #sums = new Map<string, { readonly bytes: number; readonly at: number }>();
  readonly #pending = new Map<string, number>();

  constructor(store: DocumentStore) {
    this.#store = store;
  }

  async of(account: string, nowMs: number): Promise<number> {
    const known = this.#sums.get(account);
    const bytes = known && nowMs - known.at < believedMs ? known.bytes : await this.#read(account, nowMs);
    return bytes + (this.#pending.get(account) ?? 0);
  }

  add(account: string, bytes: number): void {
    if (bytes > 0) this.#pending.set(account, (this.#pending.get(account) ?? 0) + bytes);
  }

  /** Writes what was added since; call it every minute, and at the end. */
  async flush(nowMs: number): Promise<void> {
    const day = Math.floor(nowMs / dayMs);
    for (const [account, bytes] of [...this.#pending]) {
      await updateDocument<DayUsage>(this.#store, usagePartition(account), String(day), (current) => ({
        body: { bytes: (current?.bytes ?? 0) + bytes },
        expiresAt: (day + 1) * dayMs + payloadKeptMs,
      }));
      // What came meanwhile is for the next time.
      const left = (this.#pending.get(account) ?? 0) - bytes;
      if (left > 0) this.#pending.set(account, left);
      else this.#pending.delete(account);
      this.#sums.delete(account);
    }
  }

  async #read(account: string, nowMs: number): Promise<number> {
    const { items } = await this.#store.list<DayUsage>(usagePartition(account), { limit: 100 });
    const bytes = items.reduce((sum, { body }) => sum + body.bytes, 0);
    this.#sums.set(account, { bytes, at: nowMs });
    return bytes;
  }
}
