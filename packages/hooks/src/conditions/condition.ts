import type { HookCondition } from '@zekt/contracts';
import { ZektError } from '@zekt/core';

export const phases = ['request', 'response', 'function', 'event'] as const;
export type Phase = (typeof phases)[number];

/**
 * A condition as one word, which is what names an execution:
 * `request:/zekt.event.v1.EventService/ReceiveEvent`, `request:zekt.event.v1.EventService`, `request:*`, `function:prepolicy`,
 * `event:delivery.failed`, `event:delivery.*`, `event:*`.
 */
export type ConditionId = `${Phase}:${string}`;

export const phaseOf = (id: ConditionId): Phase => id.slice(0, id.indexOf(':')) as Phase;
/** What follows the phase. */
export const nameIn = (id: ConditionId): string => id.slice(id.indexOf(':') + 1);
export const everything = '*';

const dotted = /^[A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)*$/;
const method = /^\/[A-Za-z][\w.-]*\/[A-Za-z]\w*$/;

/**
 * A group may be given with `.*` or without: both name one condition.
 *
 * @throws ZektError `hook_condition_invalid` when it names nothing, two things, or what could be no name
 */
export function conditionIdOf(condition: HookCondition): ConditionId {
  const [[phase, selector] = [], ...others] = Object.entries(condition) as [Phase, Record<string, unknown>][];
  const [[key, value] = [], ...more] = Object.entries(selector ?? {});
  if (phase === undefined || others.length > 0 || key === undefined || more.length > 0) return refuse(condition);
  const name = nameOfSelector(key, value);
  return name === null ? refuse(condition) : `${phase}:${name}`;
}

function nameOfSelector(key: string, value: unknown): string | null {
  if (key === 'all') return value === true ? everything : null;
  if (typeof value !== 'string') return null;
  if (key === 'method') return method.test(value) ? value : null;
  const name = key === 'group' ? value.replace(/\.\*$/, '') : value;
  if (!dotted.test(name)) return null;
  return key === 'group' ? `${name}.*` : name;
}

const refuse = (condition: HookCondition): never => {
  throw new ZektError(
    'hook_condition_invalid',
    `A condition is exactly one of request, response, function and event, with exactly one of what that has; got ${JSON.stringify(condition).slice(0, 200)}.`,
  );
};

/** The condition that an id stands for. */
export function conditionOf(id: ConditionId): HookCondition {
  const [phase, name] = [phaseOf(id), nameIn(id)];
  if (phase === 'function') return { function: { name } };
  if (name === everything) return { [phase]: { all: true } };
  if (phase === 'event') return { event: name.endsWith('.*') ? { group: name.slice(0, -2) } : { event: name } };
  return { [phase]: name.startsWith('/') ? { method: name } : { service: name } };
}

/** A condition as people type it; null when it is none. */
export function readConditionId(text: string): ConditionId | null {
  const phase = phases.find((it) => text.startsWith(`${it}:`));
  const name = text.slice(text.indexOf(':') + 1);
  if (phase === undefined || name === '') return null;
  if (name === everything) return phase === 'function' ? null : `${phase}:${name}`;
  if (phase === 'event') return dotted.test(name.replace(/\.\*$/, '')) ? `${phase}:${name}` : null;
  const isName = dotted.test(name) || (phase !== 'function' && method.test(name));
  return isName ? `${phase}:${name}` : null;
}
