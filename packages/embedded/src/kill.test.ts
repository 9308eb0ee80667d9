import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openEmbedded } from './open-embedded.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'zekt-kill-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Says the number of each commit that was answered. */
const writer = `
  const { openEmbedded } = await import(process.argv[1]);
  const { store } = openEmbedded(process.argv[2]);
  let n = 0;
  const write = async () => {
    for (;;) {
      const id = String(n++);
      const message = { queue: 'track', id, session: id, body: { id } };
      await store.commit({ partition: 'p', writes: [{ kind: 'create', id, body: { id } }], messages: [message] });
      console.log(id);
    }
  };
  for (let at = 0; at < 20; at += 1) void write();
`;

test('what was answered before the process was killed is there', async () => {
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', writer, new URL('./open-embedded.ts', import.meta.url).href, directory],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const answered: string[] = [];
  for await (const id of createInterface(child.stdout)) {
    answered.push(id);
    if (answered.length === 2000) child.kill('SIGKILL');
  }
  const embedded = openEmbedded(directory);
  const { store, bus } = embedded;
  for (const id of answered) expect(await store.get('p', id)).not.toBeNull();
  expect((await bus.depth('track')).waiting).toBeGreaterThanOrEqual(answered.length);
  await embedded.close();
});
