import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { mostListBytes, mostPages } from '../providers/find-listed.ts';
import type { Limit, ProviderType, Taken } from '../providers/provider-type.ts';
import { providerTypes } from '../providers/table.ts';

// The page about types says which limits hold: what it says is what the code has.

const page = await readFile(new URL('../../../../docs/reference/providers/README.md', import.meta.url), 'utf8');
const number = (it: number): string => it.toLocaleString('en');

const takenAs: Readonly<Record<Taken, string>> = {
  status: 'any 2xx',
  noPage: '2xx, no web page',
  noRefusal: '2xx that does not say no',
  receipt: "the broker's receipt",
};
const limitText = ({ of, most, unit }: Limit): string => `${of} ${number(most)}${unit === 'bytes' ? ' bytes' : ''}`;

function rowOf({ type, limits, mostMetadata, reads, taken, rate }: ProviderType): string {
  const cells = [
    `[${type}](${type.replace('.', '-')}.md)`,
    limits.length === 0 ? 'as it is' : limits.map(limitText).join(', '),
    mostMetadata === undefined ? '–' : number(mostMetadata),
    reads ?? '–',
    takenAs[taken],
    rate === undefined ? '–' : `${rate.perMinute}, ${rate.burst} at once`,
  ];
  return `| ${cells.join(' | ')} |`;
}

test('the page about types says which limits hold for each', () => {
  const start = page.indexOf('| type | shortened to');
  const rows = start < 0 ? [] : page.slice(start).split('\n\n')[0]?.trimEnd().split('\n').slice(2);
  expect(rows).toEqual([...providerTypes.values()].map(rowOf));
});

test('and which hold for what is read', () => {
  expect(page).toContain(`at most ${mostPages} pages of ${number(mostListBytes)} bytes`);
});
