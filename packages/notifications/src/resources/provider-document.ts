import { randomUUID } from 'node:crypto';
import type { ProviderResource, ProviderSpec } from '@zekt/contracts';
import { describeChanges, ZektError, type Applied, type DocumentStore, type Page, type PutContext } from '@zekt/core';
import { providerTypes } from '../providers/table.ts';
import { providersPartition, resourceId } from '../keys.ts';
import { keyOf, keyText, shownKey, type ObjectKey } from './object-key.ts';
import { maskedSpec, unmaskedSpec } from './masked-spec.ts';
import { removeProviderState } from './provider-state.ts';

/** A destination as stored. */
export interface ProviderDocument extends ObjectKey {
  /** Given once, kept for good: what destinations know us by is made of it. */
  readonly uid: string;
  readonly spec: ProviderSpec;
}

export async function getProvider(store: DocumentStore, key: ObjectKey): Promise<ProviderDocument | null> {
  return (await store.get<ProviderDocument>(providersPartition, resourceId(key)))?.body ?? null;
}

/**
 * @throws ZektError `invalid_resource` for what could never work, whatever its secret holds
 */
export async function putProvider(
  { store, dryRun }: PutContext,
  { metadata, spec }: ProviderResource,
): Promise<Applied<ProviderDocument>> {
  const key = keyOf(metadata);
  const before = await getProvider(store, key);
  const refuse = (problem: string): never => {
    throw new ZektError('invalid_resource', `Provider ${shownKey(key)}: ${problem}`);
  };
  if (!providerTypes.has(spec.type)) refuse(`there is no type '${spec.type}'.`);
  const problem = await expressionProblem(spec);
  if (problem !== null) refuse(problem);
  const whole = unmaskedSpec(spec, before?.spec ?? null);
  const document: ProviderDocument = {
    ...key,
    uid: before?.uid ?? metadata.uid ?? randomUUID(),
    spec: typeof whole === 'string' ? refuse(whole) : whole,
  };
  const changes = describeChanges(shown(before), shown(document) ?? {});
  if (before && JSON.stringify(before) === JSON.stringify(document))
    return { action: 'unchanged', changes: [], document };
  if (!dryRun) {
    await store.commit({
      partition: providersPartition,
      writes: [{ kind: 'put', id: resourceId(key), body: document }],
    });
    // What went wrong with the one before says nothing about this one.
    await removeProviderState(store, key);
  }
  return { action: before ? 'updated' : 'created', changes, document };
}

const shown = (document: ProviderDocument | null): object | null => document && maskedSpec(document.spec);

/** CEL is loaded where somebody uses it. */
async function expressionProblem({ commitStatusExpr = '' }: ProviderSpec): Promise<string | null> {
  if (commitStatusExpr === '') return null;
  const { statusExpressionProblem } = await import('../sending/status-expression.ts');
  return statusExpressionProblem(commitStatusExpr);
}

export async function listProviders(
  store: DocumentStore,
  after: string | undefined,
  limit: number,
): Promise<Page<ProviderDocument>> {
  const page = await store.list<ProviderDocument>(providersPartition, { limit, ...(after !== undefined && { after }) });
  return { items: page.items.map(({ body }) => body), next: page.next };
}

/** More can be stored than are looked through here, but nobody has so many. */
const mostProviders = 1000;

export async function allProviders(store: DocumentStore): Promise<readonly ProviderDocument[]> {
  return (await listProviders(store, undefined, mostProviders)).items;
}

/** `namespace/name` of the secrets that a provider refers to. */
export const secretsOf = ({ namespace, spec }: Pick<ProviderDocument, 'namespace' | 'spec'>): string[] =>
  [spec.secretRef, spec.certSecretRef, spec.proxySecretRef].flatMap((ref) =>
    ref ? [keyText({ namespace, name: ref.name })] : [],
  );

/** @throws ZektError `not_found` */
export async function removeProvider(store: DocumentStore, key: ObjectKey): Promise<void> {
  if (!(await getProvider(store, key))) throw new ZektError('not_found', `There is no provider '${shownKey(key)}'.`);
  await store.commit({ partition: providersPartition, writes: [{ kind: 'delete', id: resourceId(key) }] });
  await removeProviderState(store, key);
}
