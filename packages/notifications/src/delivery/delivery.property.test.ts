import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CrashError } from '@zekt/core/testing';
import type { Answer } from '@zekt/egress';
import { messageOf, ok, openSmallWorld } from '../testing/small-world.ts';

// Any interleaving of events, time, crashes and answers: nothing is lost, and nothing is told twice that the destination did not leave open.

/** `lost`: it took the event, and its answer never came. */
type Mood = 'ok' | 'ill' | 'limited' | 'lost' | 'away';

const moods: fc.Arbitrary<readonly Mood[]> = fc.array(
  fc.constantFrom<Mood>('ok', 'ok', 'ill', 'limited', 'lost', 'away'),
  { maxLength: 8 },
);

const scenarios = fc.record({
  inputs: fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('event' as const), about: fc.nat({ max: 2 }) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('repeat' as const), about: fc.nat({ max: 2 }) }) },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(500, 5000, 90_000) }),
      },
    ),
    { minLength: 1, maxLength: 10 },
  ),
  moods,
  crashes: fc.array(
    fc.record({ at: fc.integer({ min: 1, max: 40 }), when: fc.constantFrom('before' as const, 'after' as const) }),
    { maxLength: 3 },
  ),
  isGrouped: fc.boolean(),
  /** Whether a sender that tries again says that it is the same request. */
  hasKey: fc.boolean(),
  inSteps: fc.boolean(),
  /** Whether each read of what another client wrote last is an old one, in turns. */
  stale: fc.array(fc.boolean(), { maxLength: 30 }),
});

test('any interleaving tells each event, and repeats it only where it could not know', async () => {
  await fc.assert(
    fc.asyncProperty(scenarios, async ({ inputs, moods: planned, crashes, isGrouped, hasKey, inSteps, stale }) => {
      const left = [...planned];
      const old = [...stale];
      const told: string[] = [];
      const healthy: string[] = [];
      const world = openSmallWorld({
        crashes,
        inSteps,
        ...(stale.length > 0 && { isStale: () => old.shift() ?? false }),
        async answer(request): Promise<Answer> {
          if (request.url.includes('healthy')) {
            healthy.push(messageOf(request));
            return ok;
          }
          const mood = left.shift() ?? 'ok';
          if (mood === 'ok' || mood === 'lost') told.push(messageOf(request));
          if (mood === 'lost' || mood === 'away') throw new Error('no answer within 15 s');
          if (mood === 'ill') return { status: 502, headers: {}, text: '' };
          return mood === 'ok' ? ok : { status: 429, headers: { 'retry-after': '3' }, text: '' };
        },
      });
      const alert = isGrouped ? { grouping: { window: '30s' } } : {};
      await world.put('moody', {}, alert);
      await world.put('healthy', {}, alert);
      const raised = new Set<string>();
      const last = new Map<number, readonly [string, object]>();
      /** A controller tries again until it hears that it was taken. */
      const raise = async (message: string, changes: object, key?: string): Promise<void> => {
        for (let tries = 0; tries < 10; tries += 1) {
          try {
            await world.raise(message, changes, key);
            return;
          } catch (error) {
            if (!(error instanceof CrashError)) throw error;
          }
        }
      };
      for (const [index, input] of inputs.entries()) {
        if (input.kind === 'time') await world.advance(input.ms);
        else {
          const message = `<event ${index}>`;
          const involvedObject = { kind: 'Kustomization', namespace: 'apps', name: `object-${input.about}` };
          const [text, changes] = (input.kind === 'repeat' ? last.get(input.about) : undefined) ?? [
            message,
            { involvedObject, timestamp: new Date(world.clock.now()).toISOString() },
          ];
          last.set(input.about, [text, changes]);
          raised.add(text);
          await raise(text, changes, hasKey ? `input ${index}` : undefined);
          await world.settle();
        }
      }
      // In small steps first: what is due within the window must be looked at within it.
      for (let step = 0; step < 40; step += 1) await world.advance(5000);
      for (let step = 0; step < 40; step += 1) await world.advance(5 * 60_000);
      const times = (all: readonly string[], text: string): number => all.filter((it) => it.includes(text)).length;
      const lost = planned.filter((mood) => mood === 'lost').length;
      for (const text of raised) {
        expect(times(told, text)).toBeGreaterThanOrEqual(1);
        expect(times(told, text)).toBeLessThanOrEqual(1 + lost + crashes.length);
        expect(times(healthy, text)).toBeGreaterThanOrEqual(1);
        expect(times(healthy, text)).toBeLessThanOrEqual(1 + crashes.length);
      }
      // What a crash left behind before its message was published is found again by the same request only.
      const open = (await world.states()).filter((state) => !['sent', 'suppressed'].includes(state));
      expect(open.length).toBeLessThanOrEqual(hasKey ? 0 : crashes.length * 2);
      await world.stop();
    }),
    { numRuns: 200, seed: 20_261_122 },
  );
}, 300_000);
