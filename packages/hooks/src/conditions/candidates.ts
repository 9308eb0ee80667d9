import { groupsOf, serviceOf, type Catalogue } from '../catalogue/catalogue.ts';
import { everything, nameIn, phaseOf, type ConditionId } from './condition.ts';

/** What takes place, and may have an execution. */
export type Trigger =
  | { readonly phase: 'request' | 'response'; readonly method: string }
  | { readonly phase: 'function'; readonly name: string }
  | { readonly phase: 'event'; readonly event: string };

/** The conditions that a trigger meets, the most exact first. Segments are compared whole: `run` is no group of `runner.offline`. */
export function candidatesFor(trigger: Trigger): readonly ConditionId[] {
  switch (trigger.phase) {
    case 'function':
      return [`function:${trigger.name}`];
    case 'event':
      return [
        `event:${trigger.event}`,
        ...groupsOf(trigger.event).map((group): ConditionId => `event:${group}.*`),
        `event:${everything}`,
      ];
    default:
      return [
        `${trigger.phase}:${trigger.method}`,
        `${trigger.phase}:${serviceOf(trigger.method)}`,
        `${trigger.phase}:${everything}`,
      ];
  }
}

/** Whether there is anything that a condition could ever meet. */
export function isKnown(id: ConditionId, { methods, services, functions, events, groups }: Catalogue): boolean {
  const name = nameIn(id);
  switch (phaseOf(id)) {
    case 'function':
      return functions.has(name);
    case 'event':
      return name === everything || (name.endsWith('.*') ? groups.has(name.slice(0, -2)) : events.has(name));
    default:
      return name === everything || methods.has(name) || services.has(name);
  }
}

/** A trigger by its most exact condition; null when that names more than one thing. */
export function triggerOf(id: ConditionId): Trigger | null {
  const [phase, name] = [phaseOf(id), nameIn(id)];
  if (phase === 'function') return { phase, name };
  if (phase === 'event') return name.endsWith(everything) ? null : { phase, event: name };
  return name.startsWith('/') ? { phase, method: name } : null;
}
