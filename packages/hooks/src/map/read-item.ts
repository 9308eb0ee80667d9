import { conditionIdOf, type ConditionId } from '../conditions/condition.ts';
import type { Item } from '../executions/hooks-of-scope.ts';
import type { HookCondition } from '@zekt/contracts';

/** The executions of one section by the names that the map gives them. */
export interface Names {
  readonly section: string;
  readonly conditions: Map<string, ConditionId>;
  /** The targets that the map has. */
  readonly targets: ReadonlySet<string>;
}

/**
 * An entry of a list: `name` and `{ target: name }` call a target, `include name` and `{ include: name }` another execution of the section.
 *
 * @returns what is wrong, as a part of a sentence, where it can't be read
 */
export function readItem(given: unknown, names: Names): Item | string {
  if (typeof given === 'string') {
    const included = /^include\s+(.+)$/.exec(given)?.[1];
    return included === undefined ? readTarget(given, names) : readInclude(included, names);
  }
  const [[key, value] = [], ...more] = typeof given === 'object' && given !== null ? Object.entries(given) : [];
  if (more.length === 0 && key === 'target' && typeof value === 'string') return readTarget(value, names);
  if (more.length === 0 && key === 'include') return readInclude(value, names);
  return `${JSON.stringify(given).slice(0, 100)} is neither a target nor an include`;
}

const readTarget = (name: string, { conditions, section, targets }: Names): Item | string =>
  conditions.has(name) && !targets.has(name)
    ? `'${name}' is an execution (${section}.${name}), not a target: include it`
    : { target: name };

function readInclude(value: unknown, { conditions, section }: Names): Item | string {
  if (typeof value === 'string') {
    const include = conditions.get(value);
    return include === undefined ? `it includes '${value.slice(0, 80)}', which is not in ${section}` : { include };
  }
  try {
    return { include: conditionIdOf(value as HookCondition) };
  } catch {
    return `it includes ${JSON.stringify(value).slice(0, 100)}, which is no condition`;
  }
}
