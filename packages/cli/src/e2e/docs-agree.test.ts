import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { queues } from '@zekt/core';

const page = (name: string): Promise<string> =>
  readFile(fileURLToPath(new URL(`../../../../docs/reference/${name}.md`, import.meta.url)), 'utf8');
const listed = (line: string | undefined): string[] =>
  [...(line ?? '').matchAll(/`([a-z]+)`/g)].map(([, name]) => name ?? '').sort();

test('the pages name the queues that there are, and no others', async () => {
  const functions = (await page('functions')).split('\n').find((line) => line.includes('Service Bus session queue'));
  expect(listed(functions?.split('|')[1])).toEqual([...queues].sort());
  const settings = (await page('settings')).split('\n').find((line) => line.includes('with the queues'));
  expect(listed(settings?.split('with the queues')[1])).toEqual([...queues].sort());
});

test('what becomes of the subscriptions of a removed service is said one way', async () => {
  for (const name of ['cli', 'http', 'resources', 'errors'])
    expect(await page(name)).not.toContain('takes its subscriptions');
  expect(await page('cli')).toContain('the subscriptions of a removed service are revoked');
});
