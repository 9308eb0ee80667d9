import { Liquid, type FilterImplOptions, type Template } from 'liquidjs';
import { orderedEvent, type NotificationEvent } from '../event/notification-event.ts';
import { shorten } from '../event/shorten.ts';

/** No files, no prototypes, no endless loops: a template may only say something about an event, and hold up others for some 30 ms. */
const engine = new Liquid({
  ownPropertyOnly: true,
  strictFilters: true,
  templates: {},
  relativeReference: false,
  dynamicPartials: false,
  cache: false,
  parseLimit: 20_000,
  renderLimit: 30,
  memoryLimit: 400_000,
});

const mostChars = 39_000;
/** Of a list that a filter goes over. The engine looks at the clock between the parts of a template, and not within a filter. */
const mostMembers = 1000;

for (const [name, filter] of Object.entries(engine.filters)) engine.registerFilter(name, bounded(filter));

type FilterHandler = Extract<FilterImplOptions, (...values: never[]) => unknown>;

function bounded(filter: FilterImplOptions): FilterImplOptions {
  const { handler, raw = false } = typeof filter === 'function' ? { handler: filter } : filter;
  const limited: FilterHandler = function (value: unknown, ...rest: unknown[]) {
    for (const it of [value, ...rest])
      if (Array.isArray(it) && it.length > mostMembers)
        throw new RangeError(`a list has more than ${mostMembers} members`);
    return handler.call(this, value, ...rest) as unknown;
  };
  return { handler: limited, raw };
}

const parsed = new Map<string, Template[]>();
const remembered = 1000;

function parse(template: string): Template[] {
  let known = parsed.get(template);
  if (!known) {
    known = engine.parse(template);
    if (parsed.size >= remembered) parsed.clear();
    parsed.set(template, known);
  }
  return known;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? (error.message.split('\n')[0] ?? '') : '');

export function templateProblem(template: string): string | null {
  if (/\{%-?\s*(?:include|render|layout|block)\b/.test(template)) return "'template' can't use other templates";
  try {
    parse(template);
    return null;
  } catch (error) {
    return `'template' is no Liquid template: ${reasonOf(error)}`;
  }
}

/** The message that a template makes of an event; the event's own when it makes none. */
export function renderMessage(
  template: string,
  event: NotificationEvent,
  alert: object,
): { readonly message: string; readonly problem: string | null } {
  try {
    const shown = orderedEvent({ ...event, message: shorten(event.message, mostChars) });
    const text = String(engine.renderSync(parse(template), { event: shown, alert })).trim();
    return { message: text === '' ? event.message : shorten(text, mostChars), problem: null };
  } catch (error) {
    return { message: event.message, problem: reasonOf(error) };
  }
}
