import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { silentLog } from '@zekt/core';
import { askRaw, parseAnswers, type RawAnswer } from './ask-raw.ts';
import { cases, type Case } from './cases.ts';
import { doors, openParityWorld, type DoorName, type ParityWorld } from './parity-world.ts';

let world: ParityWorld;
/** Code and sentence of each refusal. */
const logged: string[] = [];

beforeAll(async () => {
  const debug = (fields: { readonly code?: string }, sentence: string): void => {
    logged.push(`${fields.code ?? ''} ${sentence}`);
  };
  world = await openParityWorld({ ...silentLog, debug });
});
afterAll(() => world.stop());

async function ask(door: DoorName, { bytes, isHead }: Case): Promise<RawAnswer[]> {
  const run = world.newRun();
  const fresh = { runId: String(run.id), token: await world.token(run) };
  const answer = await askRaw(world.urls[door], bytes(fresh));
  return parseAnswers(withoutWhatDiffers(answer, fresh.runId), isHead);
}

/** Ids and times are new each time; they keep their length, which is told. */
const withoutWhatDiffers = (text: string, runId: string): string =>
  text
    .replaceAll(runId, '0'.repeat(runId.length))
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'x'.repeat(36))
    .replace(/\r\ndate: [^\r]*/i, '\r\ndate: now');

describe('every door gives the same answer', () => {
  test.each(cases)('to $name', async (it) => {
    const [expected, ...others] = await Promise.all(doors.map((door) => ask(door, it)));
    expect(expected?.length).toBeGreaterThan(0);
    for (const other of others) expect(other).toEqual(expected);
  });
});

describe('every door', () => {
  test.each(doors)(
    '%s: an upload that breaks off is refused to nobody, and is no failure of the server',
    async (door) => {
      const before = logged.length;
      const { hostname, port } = new URL(world.urls[door]);
      const socket = connect(Number(port), hostname, () =>
        socket.write(
          'POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\nx-hub-signature-256: sha256=0\r\ncontent-length: 1000\r\n\r\n{',
          () => socket.destroy(),
        ),
      );
      const told = () => logged.slice(before).find((line) => line.startsWith('client_closed_request'));
      while (told() === undefined) await new Promise((resolve) => setImmediate(resolve));
      expect(told()).toBe('client_closed_request The body broke off before its end.');
      expect(world.zekt.counters.own()['errors.internal']).toBeUndefined();
    },
  );

  test.each(doors)('%s: a connection whose request was refused unread takes the next', async (door) => {
    const refused = 'POST /api/events/receive HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\n12345';
    const next = 'GET /api/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
    const answers = parseAnswers(await askRaw(world.urls[door], Buffer.from(refused + next)));
    expect(answers.map(({ status }) => status)).toEqual([401, 200]);
  });

  test.each(doors)('%s: counts what it refuses and what it takes', async (door) => {
    const count = (name: string): number => world.zekt.counters.own()[name] ?? 0;
    const names = [
      'webhooks.bad_signature',
      'webhooks.ignored.ping',
      'messages.accepted',
      'messages.refused.run_mismatch',
    ];
    const before = names.map(count);
    const asked = ['a ping', 'a signature of another body', 'a message', 'a message for another run'];
    for (const it of cases.filter(({ name }) => asked.includes(name))) await ask(door, it);
    expect(names.map(count)).toEqual(before.map((value) => value + 1));
  });
});
