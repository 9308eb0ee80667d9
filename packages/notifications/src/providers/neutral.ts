import type { NotificationEvent } from '../event/notification-event.ts';

/** Shown as nothing; what stands before and after it is no mark-up any more. */
const gap = '\u200b';

// At the end of a text, too: what comes after it is not known here.
/** `@name` and `@**name**`, but no `main@sha1` and no address; `@everyone` and its like wherever they stand. */
const mention =
  /(?<![\p{L}\p{N}_.-])@(?=[\p{L}\p{N}_*]|$)|@(?=(?:all|channel|everyone|here|room|team)(?![\p{L}\p{N}]))/giu;
/** What begins a tag, a mention or a link in angle brackets. */
const tag = /<(?=[\p{L}/!@#?$&:^+]|$)/gu;
/** The middle of `[text](address)`, `[text][name]` and `[name]: address`. */
const link = /\](?=[([:]|$)/g;
/** The end of a comment, in which markers of our own stand. */
const endOfComment = /--(?=!?>|$)/g;

/**
 * For services that know Markdown, tags or mentions and have no escape for all of them: the text reads the same, and nobody is called, no
 * address hides behind a text, and no tag is opened.
 */
export const withoutMarkup = (text: string): string =>
  /[@<\]]|--/.test(text)
    ? text
        .replace(mention, `@${gap}`)
        .replace(tag, `<${gap}`)
        .replace(link, `]${gap}`)
        .replace(endOfComment, `--${gap}`)
    : text;

const slackEntities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The three characters that Slack's mark-up begins with ("Escaping text", Slack documentation). */
export const escapedForSlack = (text: string): string =>
  text.replace(/[&<>]/g, (character) => slackEntities[character] ?? character);

/** An event in whose texts a service finds no mark-up: they come from workflows of anybody. */
export function neutralEvent(event: NotificationEvent, neutral: (text: string) => string): NotificationEvent {
  const { involvedObject, message, reason, metadata } = event;
  const each = (map: object): Record<string, string> =>
    Object.fromEntries(Object.entries(map).map(([key, value]) => [key, neutral(String(value))]));
  return {
    ...event,
    involvedObject: each(involvedObject),
    message: neutral(message),
    reason: neutral(reason),
    ...(metadata && {
      metadata: Object.fromEntries(Object.entries(metadata).map(([key, value]) => [neutral(key), neutral(value)])),
    }),
  };
}
