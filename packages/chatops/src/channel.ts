import type { ChannelResource } from '@zekt/contracts';
import {
  describeChanges,
  resolveRepository,
  ZektError,
  type Applied,
  type DocumentStore,
  type Page,
  type PutContext,
  type RepositoryRef,
} from '@zekt/core';
import { channelsPartition } from './keys.ts';

/** Where people are asked, beside the page. */
export interface ChannelDocument {
  readonly name: string;
  readonly type: 'workflows' | 'connector';
  /** Name of the secret that holds the URL. */
  readonly urlSecret: string;
  /** Whose workflows may ask here. */
  readonly repositories: readonly { readonly ref: RepositoryRef; readonly fullName: string }[];
  /** `link`: whoever has a question's link sees it; otherwise only who signs in, too. */
  readonly pageVisibility?: 'session' | 'link';
}

export async function getChannel(store: DocumentStore, name: string): Promise<ChannelDocument | null> {
  return (await store.get<ChannelDocument>(channelsPartition, name))?.body ?? null;
}

/** Whether workflows of a repository may ask in a channel: its operator listed it. */
export async function mayAskIn(store: DocumentStore, name: string, repository: RepositoryRef): Promise<boolean> {
  return (await getChannel(store, name))?.repositories.some(({ ref }) => ref === repository) ?? false;
}

/** @throws ZektError `repository_not_found` */
export async function putChannel(
  context: PutContext,
  { metadata: { name }, spec }: ChannelResource,
): Promise<Applied<ChannelDocument>> {
  const repositories = await Promise.all(
    (spec.repositories ?? []).map(async (it) => {
      const { ref, fullName } = await resolveRepository(context, it);
      return { ref, fullName };
    }),
  );
  const document: ChannelDocument = {
    name,
    type: spec.type,
    urlSecret: spec.urlSecret,
    repositories,
    pageVisibility: spec.pageVisibility ?? 'session',
  };
  const before = await getChannel(context.store, name);
  const changes = describeChanges(before, document);
  if (before && changes.length === 0) return { action: 'unchanged', changes, document };
  if (!context.dryRun)
    await context.store.commit({ partition: channelsPartition, writes: [{ kind: 'put', id: name, body: document }] });
  return { action: before ? 'updated' : 'created', changes, document };
}

export async function listChannels(
  store: DocumentStore,
  after: string | undefined,
  limit: number,
): Promise<Page<ChannelResource>> {
  const page = await store.list<ChannelDocument>(channelsPartition, { limit, ...(after !== undefined && { after }) });
  return { items: page.items.map(({ body }) => presentChannel(body)), next: page.next };
}

/** More can be stored than are looked through here, but nobody has so many. */
const mostChannels = 1000;

export async function allChannels(store: Pick<DocumentStore, 'list'>): Promise<readonly ChannelDocument[]> {
  const { items } = await store.list<ChannelDocument>(channelsPartition, { limit: mostChannels });
  return items.map(({ body }) => body);
}

/** @throws ZektError `not_found` */
export async function removeChannel(store: DocumentStore, name: string): Promise<void> {
  if (!(await getChannel(store, name))) throw new ZektError('not_found', `There is no channel '${name}'.`);
  await store.commit({ partition: channelsPartition, writes: [{ kind: 'delete', id: name }] });
}

const presentChannel = ({ name, type, urlSecret, repositories, pageVisibility }: ChannelDocument): ChannelResource => ({
  apiVersion: 'zekt.dev/v1',
  kind: 'Channel',
  metadata: { name },
  spec: {
    type,
    urlSecret,
    repositories: repositories.map(({ fullName }) => fullName),
    ...(pageVisibility === 'link' && { pageVisibility }),
  },
});
