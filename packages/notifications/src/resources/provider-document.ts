import { randomUUID } from 'node:crypto';
import type { ProviderResource, ProviderSpec } from '@zekt/contracts';
import {
  describeChanges,
  ZektError,
  type Applied,
  type DocumentStore,
  type Page,
  type PaceState,
  type PutContext,
} from '@zekt/core';
import { providerTypes } from '../providers/table.ts';
import { displayAddress, stars } from '../sending/mask.ts';
import { keyOf, keyText, shownKey, type ObjectKey } from './object-key.ts';

/** A destination as stored. */
export interface ProviderDocument extends ObjectKey {
  /** Given once, kept for good: what destinations know us by is made of it. */
  readonly uid: string;
  readonly spec: ProviderSpec;
}

const partition = 'notification-providers';

export async function getProvider(store: DocumentStore, key: ObjectKey): Promise<ProviderDocument | null> {
  return (await store.get<ProviderDocument>(partition, keyText(key)))?.body ?? null;
}

/** How a destination has been; lost without harm. Times in milliseconds. */
export interface ProviderState {
  /** Tries that failed in a row, and could have gone well at another time. */
  readonly failures: number;
  /** How often in a row the circuit was opened. */
  readonly opened: number;
  /** Nothing is sent before; 0: the circuit is closed. */
  readonly openUntil: number;
  readonly pace: PaceState;
  readonly lastSuccessAt: number | null;
  readonly lastError: { readonly at: number; readonly status: number | null; readonly reason: string } | null;
}

export const untouchedState: ProviderState = {
  failures: 0,
  opened: 0,
  openUntil: 0,
  pace: { arrival: 0, quietUntil: 0 },
  lastSuccessAt: null,
  lastError: null,
};

export const statePartition = (key: ObjectKey): string => `notification-provider:${keyText(key)}`;
export const stateId = 'state';

export async function getProviderState(store: DocumentStore, key: ObjectKey): Promise<ProviderState> {
  return (await store.get<ProviderState>(statePartition(key), stateId))?.body ?? untouchedState;
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
  const document: ProviderDocument = {
    ...key,
    uid: before?.uid ?? metadata.uid ?? randomUUID(),
    spec: before ? unmasked(spec, before) : spec,
  };
  const problem = await expressionProblem(spec);
  if (problem !== null) throw new ZektError('invalid_resource', `Provider ${shownKey(key)}: ${problem}`);
  if (!providerTypes.has(spec.type))
    throw new ZektError('invalid_resource', `Provider ${shownKey(key)}: there is no type '${spec.type}'.`);
  const changes = describeChanges(shown(before), shown(document) ?? {});
  if (before && JSON.stringify(before) === JSON.stringify(document))
    return { action: 'unchanged', changes: [], document };
  if (!dryRun) {
    await store.commit({ partition, writes: [{ kind: 'put', id: keyText(key), body: document }] });
    // What went wrong with the one before says nothing about this one.
    await store.commit({ partition: statePartition(key), writes: [{ kind: 'delete', id: stateId }] });
  }
  return { action: before ? 'updated' : 'created', changes, document };
}

const shown = (document: ProviderDocument | null): object | null => document && maskedSpec(document);

/** The spec without what is a credential. */
export function maskedSpec({ spec }: Pick<ProviderDocument, 'spec'>): ProviderSpec {
  const { address, proxy, headers } = spec;
  return {
    ...spec,
    ...(address !== undefined && { address: displayAddress(spec.type, address) }),
    ...(proxy !== undefined && { proxy: proxy.replace(/\/\/[^/@]*@/, '//***@') }),
    ...(headers && { headers: Object.fromEntries(Object.keys(headers).map((name) => [name, stars])) }),
  };
}

/** CEL is loaded where somebody uses it. */
async function expressionProblem({ commitStatusExpr = '' }: ProviderSpec): Promise<string | null> {
  if (commitStatusExpr === '') return null;
  const { statusExpressionProblem } = await import('../sending/status-expression.ts');
  return statusExpressionProblem(commitStatusExpr);
}

/** What was shown masked and is applied again, stays as it was. */
function unmasked(spec: ProviderSpec, before: ProviderDocument): ProviderSpec {
  const kept = before.spec;
  const seen = maskedSpec(before);
  const again = (field: 'address' | 'proxy'): object =>
    spec[field] !== undefined && spec[field] === seen[field] && kept[field] !== undefined
      ? { [field]: kept[field] }
      : {};
  const headers = Object.entries(spec.headers ?? {}).map(([name, value]) => [
    name,
    value === stars ? (kept.headers?.[name] ?? value) : value,
  ]);
  return {
    ...spec,
    ...again('address'),
    ...again('proxy'),
    ...(spec.headers && { headers: Object.fromEntries(headers) as Record<string, string> }),
  };
}

export async function listProviders(
  store: DocumentStore,
  after: string | undefined,
  limit: number,
): Promise<Page<ProviderDocument>> {
  const page = await store.list<ProviderDocument>(partition, { limit, ...(after !== undefined && { after }) });
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
  await store.commit({ partition, writes: [{ kind: 'delete', id: keyText(key) }] });
  await store.commit({ partition: statePartition(key), writes: [{ kind: 'delete', id: stateId }] });
}
