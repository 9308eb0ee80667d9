import fc from 'fast-check';
import type { Crash } from '@zekt/core/testing';
import type { Input, Place, Scenario } from './interleavings.ts';

export const maxMessages = 4;

/** Any order, repetition and crash that one run can meet. */
export const scenarios: fc.Arbitrary<Scenario> = fc
  .record({
    messages: fc.array(fc.constantFrom('built', 'tested'), { maxLength: maxMessages }),
    repeats: fc.array(fc.nat({ max: maxMessages - 1 }), { maxLength: 3 }),
    completions: fc.array(fc.nat({ max: 1 }), { minLength: 1, maxLength: 3 }),
    progress: fc.subarray<Input>([
      { kind: 'progress', status: 'requested' },
      { kind: 'progress', status: 'in_progress' },
    ]),
    pauses: fc.array(fc.integer({ min: 0, max: 1500 }), { maxLength: 6 }),
    crashes: fc.array(
      fc.record<Crash>({ at: fc.integer({ min: 1, max: 60 }), when: fc.constantFrom('before', 'after') }),
      { maxLength: 4 },
    ),
    place: fc.oneof<[fc.Arbitrary<Place>, fc.Arbitrary<Place>, fc.Arbitrary<Place>]>(
      fc.constant({ kind: 'one file' }),
      fc.constant({ kind: 'in steps' }),
      fc.record({ kind: fc.constant('stale reads'), coins: fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }) }),
    ),
    subscriptions: fc.array(fc.constantFrom(['*'], ['built'], ['tested'], ['ordered', 'built']), {
      minLength: 1,
      maxLength: 4,
    }),
  })
  .chain(({ messages, repeats, completions, progress, pauses, crashes, place, subscriptions }) => {
    const inputs: Input[] = [
      ...messages.map((_, index) => ({ kind: 'message' as const, index })),
      ...repeats.filter((index) => index < messages.length).map((index) => ({ kind: 'message' as const, index })),
      ...completions.map((guid) => ({ kind: 'completion' as const, guid })),
      ...progress,
      ...pauses.map((ms) => ({ kind: 'work' as const, ms })),
    ];
    return fc
      .shuffledSubarray(inputs, { minLength: inputs.length, maxLength: inputs.length })
      .map((shuffled) => ({ messages, inputs: shuffled, crashes, place, subscriptions }));
  });
