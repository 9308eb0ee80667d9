import { expect, test } from '@jest/globals';
import { limits } from '@zekt/contracts';
import { ZektError } from '@zekt/core';
import { ManualClock } from '@zekt/core/testing';
import { BodyBudget } from './body-budget.ts';

const MiB = 1024 * 1024;
const budget = limits.bodiesInProcess.value;

function open(bodies: BodyBudget) {
  const hold = bodies.open();
  const refusals: string[] = [];
  hold.begin((refusal) => refusals.push(refusal.code));
  return { ...hold, refusals };
}

const codeOf = (act: () => void): string => {
  try {
    act();
    return 'done';
  } catch (error) {
    return error instanceof ZektError ? error.code : String(error);
  }
};

test('parallel bodies of 25 MiB stay within the budget, and leave room for small ones', () => {
  const bodies = new BodyBudget(new ManualClock());
  const fifty = Array.from({ length: 50 }, () => open(bodies));
  for (let piece = 0; piece < 25; piece += 1) for (const hold of fifty) codeOf(() => hold.take(MiB));
  expect(bodies.held).toBeLessThanOrEqual(budget);
  expect(bodies.held).toBeGreaterThan(budget / 2);
  expect(codeOf(() => open(bodies).take(25_000))).toBe('done');
  expect(codeOf(() => open(bodies).take(MiB))).toBe('unavailable');
});

test('what was refused counts no longer, and what is released makes room', () => {
  const bodies = new BodyBudget(new ManualClock());
  const first = open(bodies);
  first.take(40 * MiB);
  const second = open(bodies);
  expect(codeOf(() => second.take(25 * MiB))).toBe('unavailable');
  expect(bodies.held).toBe(40 * MiB);
  first.release();
  first.release();
  expect(bodies.held).toBe(0);
  second.take(25 * MiB);
});

test('threads share one budget, and a thread that died holds nothing', () => {
  const clock = new ManualClock();
  const bodies = new BodyBudget(clock);
  const share = bodies.lend();
  open(new BodyBudget(clock, share)).take(48 * MiB);
  expect(codeOf(() => open(bodies).take(MiB))).toBe('unavailable');
  bodies.takeBack(share);
  expect(bodies.held).toBe(0);
  for (let n = 0; n < 64; n += 1) bodies.lend();
  expect(() => bodies.lend()).toThrow('65 threads');
});

test('a body that stops coming is given up, not before ten seconds have passed', () => {
  const clock = new ManualClock();
  const { refusals, take } = open(new BodyBudget(clock));
  clock.advance(9000);
  take(20 * MiB);
  clock.advance(5999);
  expect(refusals).toEqual([]);
  clock.advance(4001 + 5000);
  expect(refusals).toEqual(['body_too_slow']);
});

test('a body that keeps coming has thirty seconds', () => {
  const clock = new ManualClock();
  const { refusals, take } = open(new BodyBudget(clock));
  for (let second = 0; second < 29; second += 1) {
    take(1500);
    clock.advance(1000);
  }
  expect(refusals).toEqual([]);
  clock.advance(1000);
  expect(refusals).toEqual(['body_too_slow']);
});

test('a body that is whole is never too slow', () => {
  const clock = new ManualClock();
  const { refusals, whole } = open(new BodyBudget(clock));
  whole();
  clock.advance(60_000);
  expect(refusals).toEqual([]);
});
