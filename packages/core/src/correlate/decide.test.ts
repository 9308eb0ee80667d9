import { describe, expect, test } from '@jest/globals';
import { decide, type Waits } from './decide.ts';
import type { RunDocument } from './run-document.ts';

const waits: Waits = { completionWaitMs: 1000, eventOnlyGraceMs: 10 };
const message = (eventId: string, receivedAt = 0) => ({ eventId, eventType: 'built', receivedAt });
const run = (changes: Partial<RunDocument> = {}): RunDocument => ({
  correlationId: '1:2:1',
  firstSeenAt: 0,
  workflow: '.github/workflows/a.yaml',
  messages: [],
  decided: 0,
  deliveries: 0,
  ...changes,
});

describe('what to do about a run', () => {
  test('nothing is known but that it began: nothing to do', () => {
    expect(decide(run(), 0, waits)).toEqual({ kind: 'done' });
  });

  test('a message waits for the completion', () => {
    expect(decide(run({ messages: [message('a')] }), 999, waits)).toEqual({ kind: 'wait', until: 1000 });
  });

  test('when the completion is overdue, GitHub is asked', () => {
    expect(decide(run({ messages: [message('a')] }), 1000, waits)).toEqual({ kind: 'ask' });
  });

  test('a completed run delivers its messages in the order they came', () => {
    const decision = decide(run({ messages: [message('a'), message('b')], completedAt: 5 }), 5, waits);
    expect(decision).toMatchObject({ kind: 'deliver', from: 0, eventOnly: false, items: [{ key: 'a' }, { key: 'b' }] });
  });

  test('a completed run without a message waits for the grace, then is delivered alone', () => {
    expect(decide(run({ completedAt: 5 }), 14, waits)).toEqual({ kind: 'wait', until: 15 });
    expect(decide(run({ completedAt: 5 }), 15, waits)).toMatchObject({
      kind: 'deliver',
      eventOnly: true,
      items: [{ key: 'run' }],
    });
  });

  test('a message within the grace takes the place of the run alone', () => {
    const decision = decide(run({ completedAt: 5, messages: [message('a', 14)] }), 14, waits);
    expect(decision).toMatchObject({ kind: 'deliver', eventOnly: false, items: [{ key: 'a' }] });
  });

  test('a message after the grace is a delivery of its own, behind the run alone', () => {
    const decision = decide(
      run({ completedAt: 5, eventOnly: true, decided: 1, messages: [message('a', 50)] }),
      50,
      waits,
    );
    expect(decision).toMatchObject({ kind: 'deliver', from: 1, items: [{ key: 'run' }, { key: 'a' }] });
  });

  test('what has been decided is not decided again', () => {
    expect(decide(run({ messages: [message('a')], completedAt: 5, decided: 1 }), 99, waits)).toEqual({ kind: 'done' });
  });

  test('a run that was given up stays so until something new comes', () => {
    expect(decide(run({ messages: [message('a')], expired: true }), 5000, waits)).toEqual({ kind: 'done' });
  });
});
