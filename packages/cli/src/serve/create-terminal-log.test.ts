import { expect, test } from '@jest/globals';
import { createLog } from '@zekt/host';
import pretty from 'pino-pretty';
import { PassThrough } from 'node:stream';
import { forTerminal } from './create-terminal-log.ts';

const hostile = 'acme\u001b[2J\u009b1A\u202e\u0007';

test('a line for people holds nothing that a terminal obeys', async () => {
  const shown = new PassThrough();
  const people = pretty({ destination: shown, sync: true, colorize: false, ignore: 'pid,hostname' });
  const log = createLog('info', forTerminal(people));
  log.info({ repository: hostile, err: new Error(hostile) }, `a message of ${hostile}`);
  people.end();
  const text = (await shown.toArray()).join('');
  expect(text).toContain('a message of acme\\u001b[2J');
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

test('a line for programs holds nothing that a terminal obeys, and means the same', () => {
  let line = '';
  createLog('info', { write: (it) => (line += it) }).info({ repository: hostile }, 'x');
  expect(line).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect((JSON.parse(line) as { repository: string }).repository).toBe(hostile);
});
