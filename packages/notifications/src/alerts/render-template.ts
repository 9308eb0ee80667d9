import { Liquid, type Template } from 'liquidjs';
import { orderedEvent, type NotificationEvent } from '../event/notification-event.ts';
import { shorten } from '../event/shorten.ts';

/** No files, no prototypes, no endless loops: a template may only say something about an event, and hold up others for no more than 50 ms. */
const engine = new Liquid({
  ownPropertyOnly: true,
  strictFilters: true,
  templates: {},
  relativeReference: false,
  dynamicPartials: false,
  cache: false,
  parseLimit: 20_000,
  renderLimit: 50,
  memoryLimit: 400_000,
});

const mostChars = 39_000;
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
    const text = String(engine.renderSync(parse(template), { event: orderedEvent(event), alert })).trim();
    return { message: text === '' ? event.message : shorten(text, mostChars), problem: null };
  } catch (error) {
    return { message: event.message, problem: reasonOf(error) };
  }
}
