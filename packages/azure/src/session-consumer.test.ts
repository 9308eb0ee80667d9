import { expect, test } from '@jest/globals';
import { silentLog } from '@zekt/core';
import { eventually } from '@zekt/core/testing';
import { SessionConsumer, type SessionConsumerOptions } from './session-consumer.ts';

// What no double can do on purpose: a question that a broken connection has swallowed, so that the SDK waits a minute for its answer.

test('a question for a session that is never answered is asked again, and a session that comes late is let go', async () => {
  let asked = 0;
  let closed = 0;
  let answerLate: (session: object) => void = () => undefined;
  const client = {
    acceptNextSession: () => {
      asked += 1;
      if (asked === 1) return new Promise((resolve) => (answerLate = resolve));
      return new Promise((_, reject) =>
        setTimeout(() => reject(Object.assign(new Error('none'), { code: 'ServiceTimeout' })), 20),
      );
    },
  };
  const consumer = new SessionConsumer({
    client: client as unknown as SessionConsumerOptions['client'],
    queue: 'track',
    sessions: 1,
    log: silentLog,
    work: async () => ({ kind: 'done' }),
    answerLimitMs: 50,
  });
  await eventually(() => asked > 1, 'it is asked again');
  answerLate({
    close: async () => {
      closed += 1;
    },
  });
  await eventually(() => closed === 1, 'the late session is let go');
  await consumer.stop();
  expect(closed).toBe(1);
});
