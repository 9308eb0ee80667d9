import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { askRaw, parseAnswers, type RawAnswer } from './ask-raw.ts';
import { cases, type Case } from './cases.ts';
import { doors, openParityWorld, type DoorName, type ParityWorld } from './parity-world.ts';

let world: ParityWorld;

beforeAll(async () => {
  world = await openParityWorld();
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
