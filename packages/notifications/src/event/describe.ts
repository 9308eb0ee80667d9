import { memoise } from './memoise.ts';
import { sortedEntries, type NotificationEvent } from './notification-event.ts';

/** The one severity that is told apart; every other value is treated like info. */
export const isError = ({ severity }: NotificationEvent): boolean => severity === 'error';

/** `helmrelease/shop.retail`: only the kind is in lower case. */
export const objectLine = ({ involvedObject: { kind = '', name = '', namespace = '' } }: NotificationEvent): string =>
  `${kind.toLowerCase()}/${name}.${namespace}`;

type CharacterClass = 'lower' | 'upper' | 'digit' | 'other';

function classOf(character: string): CharacterClass {
  if (/\p{Ll}/u.test(character)) return 'lower';
  if (/\p{Lu}/u.test(character)) return 'upper';
  return /\p{Nd}/u.test(character) ? 'digit' : 'other';
}

/** `HTTPGetFailed` reads `http get failed`: words begin where the class of characters changes. */
export const spacedReason = memoise((reason: string): string => {
  const words: { text: string; kind: CharacterClass }[] = [];
  for (const character of reason) {
    const kind = classOf(character);
    const last = words.at(-1);
    if (last?.kind === kind) last.text += character;
    else words.push({ text: character, kind });
  }
  for (const [index, word] of words.entries()) {
    const next = words[index + 1];
    if (word.kind !== 'upper' || next?.kind !== 'lower') continue;
    // The last capital belongs to the word that follows.
    const characters = Array.from(word.text);
    next.text = (characters.pop() ?? '') + next.text;
    word.text = characters.join('');
  }
  return words
    .map(({ text }) => text)
    .filter((text) => text !== '')
    .join(' ')
    .toLowerCase();
});

/** `kustomization/web`. */
export const kindAndName = ({ involvedObject: { kind = '', name = '' } }: NotificationEvent): string =>
  `${kind}/${name}`.toLowerCase();

/** What a commit status is known by: object, and the first part of the provider's own id. */
export const statusId = (event: NotificationEvent, providerUid: string): string =>
  `${kindAndName(event)}/${providerUid.split('-')[0] ?? ''}`.toLowerCase();

/** For what shows Markdown: topics and comments. */
export function markdownPost(event: NotificationEvent): string {
  const { kind = '', namespace = '', name = '' } = event.involvedObject;
  const pairs = sortedEntries(event.metadata).filter(([key]) => key !== 'change_request');
  return [
    '## Flux Status\n\n',
    `${isError(event) ? '⚠️' : 'ℹ️'} ${kind}/${namespace}/${name}\n\n`,
    `${event.message}\n\nMetadata:\n`,
    ...pairs.map(([key, value]) => `* \`${key}\`: ${value}\n`),
  ].join('');
}
