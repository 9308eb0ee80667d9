import fc from 'fast-check';
import type { Crash } from '@zekt/core/testing';
import { runCount } from './runs.ts';

/** What reaches Zekt, or time that passes. */
export type FailoverInput =
  | { readonly kind: 'message'; readonly run: number; readonly index: number }
  | { readonly kind: 'completion'; readonly run: number }
  /** The right of the last subscription is taken back. */
  | { readonly kind: 'revocation' }
  | { readonly kind: 'work'; readonly ms: number };

export interface FailoverScenario {
  /** Of the store's account: a write is answered after the other region has it, or before. */
  readonly consistency: 'Strong' | 'Session';
  readonly inputs: readonly FailoverInput[];
  /** Before which input the first region fails; beyond the last: after it. */
  readonly failsAt: number;
  /**
   * The first region is lost with everything in it; or nobody reaches it from outside while it goes on with what it has, and the account's
   * write region moves; or its bus alone is lost.
   */
  readonly failure: 'region' | 'cut off' | 'bus';
  /** Where in its work a lost region ends. */
  readonly end: Crash;
  /** How far behind parts of the replica are, in parts of the lag. */
  readonly behind: readonly number[];
  /** The lost region comes back, with its bus. */
  readonly returns: boolean;
  /** Completions are sent again: on the App's page, or by whoever asks GitHub for them. */
  readonly redelivers: boolean;
  /** Requests go to the first region that answers, or to either in turn. */
  readonly traffic: 'first' | 'both';
}

const run = fc.nat({ max: runCount - 1 });

/** A failover in the midst of the work on three runs, at any point of it. */
export const failoverScenarios: fc.Arbitrary<FailoverScenario> = fc.record({
  consistency: fc.constantFrom('Strong', 'Session'),
  inputs: fc.array(
    fc.oneof<fc.MaybeWeightedArbitrary<FailoverInput>[]>(
      { weight: 8, arbitrary: fc.record({ kind: fc.constant('message'), run, index: fc.nat({ max: 2 }) }) },
      { weight: 8, arbitrary: fc.record({ kind: fc.constant('completion'), run }) },
      { weight: 8, arbitrary: fc.record({ kind: fc.constant('work'), ms: fc.integer({ min: 1, max: 2500 }) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('revocation') }) },
    ),
    { minLength: 4, maxLength: 14 },
  ),
  failsAt: fc.nat({ max: 14 }),
  failure: fc.constantFrom('region', 'cut off', 'bus'),
  end: fc.record<Crash>({ at: fc.integer({ min: 1, max: 30 }), when: fc.constantFrom('before', 'after') }),
  behind: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 }),
  returns: fc.boolean(),
  redelivers: fc.boolean(),
  traffic: fc.constantFrom('first', 'both'),
});
