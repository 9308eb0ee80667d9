import type { AlertResource, AlertSpec } from '@zekt/contracts';
import {
  goDurationMs,
  describeChanges,
  ZektError,
  type Applied,
  type DocumentStore,
  type Page,
  type PutContext,
} from '@zekt/core';
import { alertsPartition, resourceId } from '../keys.ts';
import { keyOf, shownKey, type ObjectKey } from '../resources/object-key.ts';
import { mostPatternSize, patternProblem, patternSizeOf } from './match-alert.ts';

/** Which events go to which provider, as stored. */
export interface AlertDocument extends ObjectKey {
  readonly spec: AlertSpec;
}

/** More would make every event slow. */
const mostAlerts = 1000;

const [shortestWindowMs, longestWindowMs] = [1000, 24 * 3_600_000];

export async function getAlert(store: DocumentStore, key: ObjectKey): Promise<AlertDocument | null> {
  return (await store.get<AlertDocument>(alertsPartition, resourceId(key)))?.body ?? null;
}

/**
 * In a manifest of Flux a source without namespace is one of the alert's own; in one of Zekt, one of any.
 *
 * @throws ZektError `invalid_resource` for a template that can't be read, or a window out of bounds
 */
export async function putAlert(
  { store, dryRun }: PutContext,
  { apiVersion, metadata, spec }: AlertResource,
): Promise<Applied<AlertDocument>> {
  const key = keyOf(metadata);
  const refuse = (problem: string): never => {
    throw new ZektError('invalid_resource', `Alert ${shownKey(key)}: ${problem}`);
  };
  if (spec.template !== undefined) {
    const { templateProblem } = await import('./render-template.ts');
    const problem = templateProblem(spec.template);
    if (problem !== null) refuse(problem);
  }
  const windowMs = spec.grouping === undefined ? shortestWindowMs : goDurationMs(spec.grouping.window);
  if (windowMs < shortestWindowMs || windowMs > longestWindowMs) refuse("'grouping.window' must be 1s to 24h");
  if (patternSizeOf(spec) > mostPatternSize)
    refuse(
      `the expressions of 'inclusionList' and 'exclusionList' are too large: with their repetitions written out, they may have ${mostPatternSize} parts together`,
    );
  const namespace = apiVersion === 'zekt.dev/v1' ? '*' : key.namespace;
  const sources = spec.eventSources.map(({ apiVersion: _, ...source }) => ({
    ...source,
    namespace: source.namespace ?? namespace,
  }));
  const document: AlertDocument = { ...key, spec: { ...spec, eventSources: sources } };
  const before = await getAlert(store, key);
  const changes = describeChanges(before?.spec ?? null, document.spec);
  if (before && JSON.stringify(before) === JSON.stringify(document))
    return { action: 'unchanged', changes: [], document };
  if (!before && (await allAlerts(store)).length >= mostAlerts) refuse(`there are ${mostAlerts} alerts already`);
  if (!dryRun)
    await store.commit({ partition: alertsPartition, writes: [{ kind: 'put', id: resourceId(key), body: document }] });
  return { action: before ? 'updated' : 'created', changes, document };
}

/** What of an alert does not work, though it was taken: an invalid expression is passed over, as Flux does. */
export function alertProblems({ spec }: AlertDocument): string[] {
  return [...(spec.inclusionList ?? []), ...(spec.exclusionList ?? [])]
    .map(patternProblem)
    .filter((problem) => problem !== null);
}

export async function allAlerts(store: DocumentStore): Promise<readonly AlertDocument[]> {
  return (await listAlerts(store, undefined, mostAlerts)).items;
}

export async function listAlerts(
  store: DocumentStore,
  after: string | undefined,
  limit: number,
): Promise<Page<AlertDocument>> {
  const page = await store.list<AlertDocument>(alertsPartition, { limit, ...(after !== undefined && { after }) });
  return { items: page.items.map(({ body }) => body), next: page.next };
}

/** @throws ZektError `not_found` */
export async function removeAlert(store: DocumentStore, key: ObjectKey): Promise<void> {
  if (!(await getAlert(store, key))) throw new ZektError('not_found', `There is no alert '${shownKey(key)}'.`);
  await store.commit({ partition: alertsPartition, writes: [{ kind: 'delete', id: resourceId(key) }] });
}
