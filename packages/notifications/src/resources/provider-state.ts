import type { DocumentStore, Stored, Write, Writes } from '@zekt/core';
import { providerStateId, providerStatePartition } from '../keys.ts';
import type { ObjectKey } from './object-key.ts';

/** How a destination has been; lost without harm. Times in milliseconds. */
export interface ProviderState {
  /** Tries that failed in a row, and could have gone well at another time. */
  readonly failures: number;
  /** How often in a row the circuit was opened. */
  readonly opened: number;
  /** Nothing is sent before; 0: the circuit is closed. */
  readonly openUntil: number;
  /** It asked for quiet until then. */
  readonly quietUntil: number;
  readonly lastSuccessAt: number | null;
  readonly lastError: { readonly at: number; readonly status: number | null; readonly reason: string } | null;
}

export const untouchedState: ProviderState = {
  failures: 0,
  opened: 0,
  openUntil: 0,
  quietUntil: 0,
  lastSuccessAt: null,
  lastError: null,
};

export const findProviderState = (
  store: Pick<DocumentStore, 'get'>,
  key: ObjectKey,
): Promise<Stored<ProviderState> | null> => store.get<ProviderState>(providerStatePartition(key), providerStateId);

export async function getProviderState(store: Pick<DocumentStore, 'get'>, key: ObjectKey): Promise<ProviderState> {
  return (await findProviderState(store, key))?.body ?? untouchedState;
}

/** Writes a state where nobody else did since it was read. */
export function providerStateWrites(key: ObjectKey, body: ProviderState, seen: Stored<ProviderState> | null): Writes {
  const common = { id: providerStateId, body };
  const write: Write = seen ? { kind: 'replace', etag: seen.etag, ...common } : { kind: 'create', ...common };
  return { partition: providerStatePartition(key), writes: [write] };
}

export async function removeProviderState(store: Pick<DocumentStore, 'commit'>, key: ObjectKey): Promise<void> {
  await store.commit({ partition: providerStatePartition(key), writes: [{ kind: 'delete', id: providerStateId }] });
}
