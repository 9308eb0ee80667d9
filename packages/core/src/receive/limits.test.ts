import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openEmbedded, type Embedded } from '@zekt/embedded';
import { gitHub, issuer, messageOf, provider } from '@zekt/embedded/testing';
import { noteRepository } from '../directory/repository.ts';
import { ZektError } from '../errors.ts';
import { accountRef, repositoryRef, type RunKey } from '../identity/keys.ts';
import { ManualClock } from '../ports/manual-clock.ts';
import { loopOn } from '../testing/loop.ts';
import { acceptMessage } from './accept.ts';
import { KeptBytes } from './kept-bytes.ts';
import { maxMessagesPerRun, ReceiveLimits } from './limits.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const runOf = (runId: number, repository: RunKey['repository'] = 'tag.1'): RunKey => ({
  repository,
  runId: String(runId),
  attempt: 1,
});
let clock: ManualClock;
let counted: string[];
let embedded: Embedded;
let kept: KeptBytes;
let limits: ReceiveLimits;
const open = (messagesPerHour: number, keptBytesPerAccount = 1000): ReceiveLimits =>
  new ReceiveLimits({ messagesPerHour, keptBytesPerAccount }, kept, (name) => counted.push(name));

beforeEach(() => {
  clock = new ManualClock();
  counted = [];
  embedded = openEmbedded(':memory:', clock);
  kept = new KeptBytes(embedded.store);
  limits = open(10);
});
afterEach(() => embedded.close());

/** The code of the refusal, and after how many seconds it may help to try again; null when it was taken. */
async function send(run: RunKey, bytes = 1, account = '11'): Promise<[string, number | null] | null> {
  try {
    await limits.check(run, account, bytes, clock.now());
    limits.took(run, account, bytes, clock.now());
    return null;
  } catch (error) {
    if (!(error instanceof ZektError)) throw error;
    return [error.code, error.retryAfterMs === null ? null : error.retryAfterMs / 1000];
  }
}

describe('messages an hour', () => {
  test('beyond the limit a repository is asked to wait, and it is counted', async () => {
    for (let n = 0; n < 10; n += 1) expect(await send(runOf(n))).toBeNull();
    const [code, seconds] = (await send(runOf(10))) ?? [];
    expect(code).toBe('too_many_requests');
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(3600);
    expect(counted).toEqual(['messages.limited']);
  });

  test('another repository is not held up', async () => {
    for (let n = 0; n < 11; n += 1) await send(runOf(n));
    expect(await send(runOf(1, 'tag.2'))).toBeNull();
  });

  test('after two hours there is room again', async () => {
    for (let n = 0; n < 10; n += 1) await send(runOf(n));
    clock.advance(2 * hourMs);
    expect(await send(runOf(10))).toBeNull();
  });
});

test('a run has an end of messages', async () => {
  limits = open(1e9);
  for (let n = 0; n < maxMessagesPerRun; n += 1) await send(runOf(1), 0);
  expect(await send(runOf(1), 0)).toEqual(['too_many_messages', null]);
  expect(await send(runOf(2), 0)).toBeNull();
});

describe('kept bytes', () => {
  test('an account that has filled its quota is told so, and others are not', async () => {
    expect(await send(runOf(1), 900)).toBeNull();
    expect(await send(runOf(2), 200)).toEqual(['quota_exceeded', dayMs / 1000]);
    expect(await send(runOf(3), 200, '12')).toBeNull();
    expect(counted).toEqual(['messages.over_quota']);
  });

  test('what keeps no payload fills no quota', async () => {
    await send(runOf(1), 1000);
    expect(await send(runOf(2), 0)).toBeNull();
  });

  test('what was written down is known to the next process', async () => {
    await send(runOf(1), 900);
    await kept.flush(clock.now());
    expect(await new KeptBytes(embedded.store).of('11', clock.now())).toBe(900);
  });

  test('after ninety days it counts no more', async () => {
    await send(runOf(1), 900);
    await kept.flush(clock.now());
    clock.advance(92 * dayMs);
    expect(await kept.of('11', clock.now())).toBe(0);
  });

  test('an account of another GitHub with the same number has a quota of its own', async () => {
    const { store, bus } = embedded;
    const loop = loopOn({ store, bus, clock, github: gitHub(jest.fn<() => never>()), issuer });
    const check = jest.spyOn(loop.limits, 'check');
    const issuers = [issuer, 'https://github.elsewhere.example'];
    for (const from of issuers) {
      const message = messageOf(0);
      const sender = repositoryRef(from, message.identity.repositoryId);
      await noteRepository(embedded.store, sender, clock.now(), { ...provider });
      await acceptMessage(loop, { ...message, identity: { ...message.identity, issuer: from } }, clock.now());
    }
    expect(check.mock.calls.map(([, account]) => account)).toEqual(
      issuers.map((from) => accountRef(repositoryRef(from, '101'), '11')),
    );
  });
});
