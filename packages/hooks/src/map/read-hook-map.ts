import { validate, type HookTargetResource } from '@zekt/contracts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { everything, readConditionId, type ConditionId, type Phase } from '../conditions/condition.ts';
import type { Item } from '../executions/hooks-of-scope.ts';
import { targetProblem } from '../targets/target-problem.ts';
import { readItem, type Names } from './read-item.ts';

/** What a map of hooks says, as far as it can be read. */
export interface ReadHookMap {
  readonly owner: string | null;
  readonly targets: readonly (readonly [string, HookTargetResource['spec']])[];
  readonly executions: readonly (readonly [ConditionId, readonly Item[]])[];
  /** Every target that the map has, whether it could be read or not. */
  readonly declared: readonly string[];
  /** What is wrong, each as a part of a sentence. */
  readonly problems: readonly string[];
  /** What is of no effect. */
  readonly notes: readonly (readonly [string, string])[];
}

type Json = Readonly<Record<string, unknown>>;

const sections: Readonly<Record<string, Phase>> = {
  requests: 'request',
  responses: 'response',
  events: 'event',
  function: 'function',
  functions: 'function',
};

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads targets and executions written as maps by name: `targets:`, `requests:`, `responses:`, `events:`, `function:`. All that is wrong is
 * collected, nothing is thrown.
 */
export function readHookMap(map: object, catalogue: Catalogue): ReadHookMap {
  const { targets = {}, owner = null, apiVersion: _, ...rest } = map as Json;
  const problems: string[] = [];
  const notes: [string, string][] = [];
  const named = Object.entries(isObject(targets) ? targets : {}).flatMap(([id, given]) => {
    const spec = readTarget(id, given, problems, notes);
    return spec ? [[id, spec] as const] : [];
  });
  const declared = isObject(targets) ? Object.keys(targets) : [];
  if (!isObject(targets)) problems.push("'targets' is no map");
  const executions = Object.entries(rest).flatMap(([section, given]) => {
    const phase = Object.hasOwn(sections, section) ? sections[section] : undefined;
    if (phase !== undefined && isObject(given))
      return readSection(section, phase, given, { catalogue, declared, problems });
    problems.push(phase === undefined ? `there is no section '${section.slice(0, 80)}'` : `'${section}' is no map`);
    return [];
  });
  if (owner !== null && typeof owner !== 'string') problems.push("'owner' is no text");
  return { owner: typeof owner === 'string' ? owner : null, targets: named, executions, declared, problems, notes };
}

const typesOf: Readonly<Record<string, 'restWebhook' | 'restCall' | 'restAsync'>> = {
  restWebhook: 'restWebhook',
  restCall: 'restCall',
  restAsync: 'restAsync',
  webhook: 'restWebhook',
  call: 'restCall',
  request_response: 'restCall',
  'request response': 'restCall',
  async: 'restAsync',
};

function readTarget(
  id: string,
  given: unknown,
  problems: string[],
  notes: [string, string][],
): HookTargetResource['spec'] | null {
  if (!isObject(given)) {
    problems.push(`target '${id}' is no map`);
    return null;
  }
  const {
    type,
    async: isAsync,
    url,
    endpoint = url,
    Interrupt_on_error: seeds,
    interrupt_on_error: snake,
    ...rest
  } = given;
  const { interruptOnError = seeds ?? snake, ...more }: Json = rest;
  const plain = typeof type === 'string' && Object.hasOwn(typesOf, type) ? typesOf[type] : type;
  const wanted = isAsync === true && plain === 'restWebhook' ? 'restAsync' : plain;
  const isMeaningless = wanted === 'restAsync' && interruptOnError === true;
  if (isMeaningless) notes.push([id, 'interruptOnError is ignored: a target that is not waited for stops nothing']);
  const spec = {
    type: wanted,
    endpoint,
    ...(interruptOnError !== undefined && !isMeaningless && { interruptOnError }),
    ...more,
  };
  if (more.timeout === undefined) {
    problems.push(`target '${id}' has no timeout`);
    return null;
  }
  const resource = { apiVersion: 'zekt.dev/v1', kind: 'Target', metadata: { name: id }, spec };
  const result = validate('HookTargetResource', resource);
  const problem = result.ok ? targetProblem(result.value.spec) : result.problem;
  if (problem !== null) problems.push(`target '${id.slice(0, 80)}': ${problem.replace(/\.$/, '')}`);
  return result.ok && problem === null ? result.value.spec : null;
}

interface Reading {
  readonly catalogue: Catalogue;
  readonly declared: readonly string[];
  readonly problems: string[];
}

function readSection(
  section: string,
  phase: Phase,
  entries: Json,
  { catalogue, declared, problems }: Reading,
): (readonly [ConditionId, readonly Item[]])[] {
  const names: Names = { section, conditions: new Map(), targets: new Set(declared) };
  for (const [name, entry] of Object.entries(entries)) {
    const on = isObject(entry) ? (entry.on ?? entry.condition ?? name) : name;
    const id = readOn(phase, on, catalogue);
    if (id) names.conditions.set(name, id);
    else problems.push(`${section}.${name}: there is no ${phase} ${JSON.stringify(on).slice(0, 100)}`);
  }
  return Object.entries(entries).flatMap(([name, entry]) => {
    const list: unknown = isObject(entry) ? (entry.call ?? entry.calls ?? entry.targets) : entry;
    if (!Array.isArray(list)) {
      problems.push(`${section}.${name} has no list of what it calls`);
      return [];
    }
    const items = list.flatMap((it: unknown) => {
      const item = readItem(it, names);
      if (typeof item !== 'string') return [item];
      problems.push(`${section}.${name}: ${item}`);
      return [];
    });
    const id = names.conditions.get(name);
    return id ? [[id, items] as const] : [];
  });
}

/** A condition as an object, or as the bare name of what it means. */
function readOn(phase: Phase, on: unknown, { methods }: Catalogue): ConditionId | null {
  if (isObject(on)) {
    const [[key, value] = [], ...more] = Object.entries(on);
    if (more.length > 0) return null;
    if (key === 'all') return value === true ? readConditionId(`${phase}:${everything}`) : null;
    if (typeof value !== 'string') return null;
    return readConditionId(`${phase}:${key === 'group' ? `${value.replace(/\.\*$/, '')}.*` : value}`);
  }
  if (typeof on !== 'string') return null;
  if (on === 'all') return readConditionId(`${phase}:${everything}`);
  // The short name of a method, where only one has it.
  const found = phase === 'function' || phase === 'event' ? [] : [...methods].filter((it) => it.endsWith(`/${on}`));
  return found.length === 1 ? readConditionId(`${phase}:${found[0] ?? ''}`) : readConditionId(`${phase}:${on}`);
}
