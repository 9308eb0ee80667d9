import type { CardContent } from './card-content.ts';

/** Workflows drops a card of more than about 28 KB without a word; ours stay well below. Bytes of UTF-8. */
export const maxCardBytes = 20_000;

export const bytesOf = (card: object): number => Buffer.byteLength(JSON.stringify(card));

/**
 * Builds a card that fits: where it would not, long values are cut and then left out, with a hint that the page has everything.
 */
export function fitCard<T extends object>(content: CardContent, build: (content: CardContent) => T): T {
  for (const most of [2000, 500, 200, 80, 40]) {
    const card = build(shortened(content, most));
    if (bytesOf(card) <= maxCardBytes) return card;
  }
  const hint = { name: 'More', value: 'on the page' };
  return build({ ...shortened(content, 40), text: '', facts: [...shortened(content, 40).facts.slice(0, 5), hint] });
}

function shortened(content: CardContent, most: number): CardContent {
  const cut = (text: string): string => {
    const characters = Array.from(text);
    return characters.length > most ? `${characters.slice(0, most).join('')}…` : text;
  };
  return {
    ...content,
    text: cut(content.text),
    facts: content.facts.map((fact) => ({ ...fact, value: cut(fact.value) })),
  };
}
