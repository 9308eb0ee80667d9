import { updateDocument, type DocumentStore } from '@zekt/core';
import type { PostOutcome } from './posting/post-card.ts';
import { channelStatesPartition } from './keys.ts';

/** How a channel has been; lost without harm. */
export interface ChannelState {
  /** Milliseconds; null: the last card was posted. */
  readonly failedAt: number | null;
  readonly reason: string | null;
}

export async function getChannelState(store: Pick<DocumentStore, 'get'>, name: string): Promise<ChannelState | null> {
  return (await store.get<ChannelState>(channelStatesPartition, name))?.body ?? null;
}

/** Notes what came of a posting, where it says something new: a channel that is well costs no write. */
export async function noteChannel(
  store: DocumentStore,
  name: string,
  outcome: PostOutcome,
  nowMs: number,
): Promise<void> {
  const body: ChannelState =
    outcome.kind === 'posted' ? { failedAt: null, reason: null } : { failedAt: nowMs, reason: outcome.reason };
  await updateDocument<ChannelState>(store, channelStatesPartition, name, (known) =>
    (known?.reason ?? null) === body.reason ? null : { body },
  );
}
