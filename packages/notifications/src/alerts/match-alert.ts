import type { AlertSpec } from '@zekt/contracts';
import { isError } from '../event/describe.ts';
import { mergeMetadata } from '../event/metadata.ts';
import type { NotificationEvent } from '../event/notification-event.ts';
import { shorten } from '../event/shorten.ts';
import { linearPattern } from '../expressions/linear-pattern.ts';
import { defaultNamespace } from '../resources/object-key.ts';

/** What is searched of a message that is longer: its beginning and its end, where errors say what went wrong. */
const mostSearched = 12_000;

/** Instructions of all expressions of an alert: each may take a step at each character of a message. */
export const mostPatternSize = 2500;

/** Why an expression is passed over; null: it is not. */
export function patternProblem(pattern: string): string | null {
  const result = linearPattern(pattern);
  return typeof result === 'string' ? result : null;
}

/** Instructions of all expressions of an alert that are not passed over. */
export const patternSizeOf = ({ inclusionList = [], exclusionList = [] }: AlertSpec): number =>
  [...inclusionList, ...exclusionList].reduce((sum, pattern) => {
    const result = linearPattern(pattern);
    return typeof result === 'string' ? sum : sum + result.size;
  }, 0);

const matchesAny = (patterns: readonly string[], text: string): boolean =>
  patterns.some((pattern) => {
    const expression = linearPattern(pattern);
    return typeof expression !== 'string' && expression.test(text);
  });

/** What labels are for events, whose objects can't be asked: their metadata, without prefixes. */
const labelsOf = (event: NotificationEvent): Readonly<Record<string, string>> =>
  mergeMetadata(event, { eventMetadata: {}, summary: null }).metadata;

/** Whether an alert is about an event. */
export function matchesAlert(event: NotificationEvent, spec: AlertSpec): boolean {
  if (spec.suspend === true) return false;
  if (spec.eventSeverity === 'error' && !isError(event)) return false;
  if (!spec.eventSources.some((source) => matchesSource(event, source))) return false;
  const { inclusionList = [], exclusionList = [] } = spec;
  if (inclusionList.length + exclusionList.length === 0) return true;
  const searched = shorten(event.message, mostSearched);
  if (inclusionList.length > 0 && !matchesAny(inclusionList, searched)) return false;
  return !matchesAny(exclusionList, searched);
}

function matchesSource(event: NotificationEvent, source: AlertSpec['eventSources'][number]): boolean {
  const { kind = '', name = '', namespace = '' } = event.involvedObject;
  const is = (wanted: string, actual: string): boolean => wanted === '*' || wanted === actual;
  if (!is(source.kind, kind) || !is(source.name, name)) return false;
  if (!is(source.namespace ?? defaultNamespace, namespace)) return false;
  if (!source.matchLabels) return true;
  const labels = labelsOf(event);
  return Object.entries(source.matchLabels).every(([label, value]) => labels[label] === value);
}
