import type { AlertSpec } from '@zekt/contracts';
import { RE2JS } from 're2js';
import { isError } from '../event/describe.ts';
import { mergeMetadata } from '../event/metadata.ts';
import type { NotificationEvent } from '../event/notification-event.ts';
import { defaultNamespace } from '../resources/object-key.ts';

/** Compiled at first use; the expressions of all alerts, some hundred at most, fit. */
const compiled = new Map<string, RE2JS | string>();
const remembered = 5000;

/** An expression of RE2, which takes no more than linear time; or why it is none. */
function compile(pattern: string): RE2JS | string {
  let known = compiled.get(pattern);
  if (known === undefined) {
    try {
      known = RE2JS.compile(pattern);
    } catch (error) {
      known = `'${pattern.slice(0, 100)}' is no RE2 expression: ${error instanceof Error ? error.message : ''}`;
    }
    if (compiled.size >= remembered) compiled.clear();
    compiled.set(pattern, known);
  }
  return known;
}

export function patternProblem(pattern: string): string | null {
  const result = compile(pattern);
  return typeof result === 'string' ? result : null;
}

const matchesAny = (patterns: readonly string[], text: string): boolean =>
  patterns.some((pattern) => {
    const expression = compile(pattern);
    return typeof expression !== 'string' && expression.matcher(text).find();
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
  if (inclusionList.length > 0 && !matchesAny(inclusionList, event.message)) return false;
  return !matchesAny(exclusionList, event.message);
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
