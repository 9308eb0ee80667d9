import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  noteRepository,
  repositoryRef,
  runCancelledHint,
  type DispatchAnswer,
  type DispatchRequest,
  type RunKey,
} from '@zekt/core';
import { CrashError, crashing, Crashes, ManualClock } from '@zekt/core/testing';
import { openEmbedded } from '@zekt/embedded';
import { findApproval, type ApprovalDocument, type Decision } from './approval-document.ts';
import type { ApprovalsContext } from './approvals-context.ts';
import { cancelApproval, decide } from './decide.ts';
import { approvalsHandler } from './handle-work.ts';
import { requestApproval } from './request-approval.ts';
import { Memberships } from '../identity/memberships.ts';
import { quietParts } from '../testing/quiet-parts.ts';

// Any interleaving of clicks, time, crashes, people who come and go, cancelled runs and answers of GitHub: at most one decision is dispatched,
// it is the stored one, and people who may decide took it.

/** What GitHub does with a dispatch; `lost`: takes it and the answer never comes, `silent`: does not take it and says nothing. */
type GitHubMood = 'accepts' | 'refuses' | 'busy' | 'lost' | 'silent';

type Input =
  /** Clicks that come at the same moment. */
  | { readonly kind: 'clicks'; readonly clicks: readonly { readonly person: number; readonly decision: Decision }[] }
  | { readonly kind: 'time'; readonly ms: number }
  /** By the operator: also while a decision is in doubt. */
  | { readonly kind: 'cancel'; readonly evenInDoubt: boolean }
  /** The run that asked is cancelled. */
  | { readonly kind: 'runCancelled' }
  /** Somebody joins the team of those who may decide, or leaves it. */
  | { readonly kind: 'team'; readonly person: number };

interface Scenario {
  readonly quorum: number;
  readonly inputs: readonly Input[];
  readonly moods: readonly GitHubMood[];
  /** What GitHub does after those. */
  readonly atLast: 'accepts' | 'silent';
  readonly crashes: readonly { readonly at: number; readonly when: 'before' | 'after' }[];
}

const hourMs = 3_600_000;
const people = [0, 1, 2];
const idOf = (person: number): string => String(1000 + person);
const run: RunKey = { repository: repositoryRef('https://issuer.example', '101'), runId: '4242', attempt: 1 };

const answers: Readonly<Record<GitHubMood, DispatchAnswer>> = {
  accepts: { kind: 'accepted', status: 204 },
  refuses: { kind: 'refused', status: 404, reason: 'gone' },
  busy: { kind: 'limited', status: 429, reason: 'busy', notBefore: null },
  lost: { kind: 'retry', status: null, reason: 'no answer' },
  silent: { kind: 'retry', status: 502, reason: 'bad gateway' },
};

const scenarios: fc.Arbitrary<Scenario> = fc.record({
  quorum: fc.integer({ min: 1, max: 2 }),
  inputs: fc.array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          kind: fc.constant('clicks' as const),
          clicks: fc.array(
            fc.record({
              person: fc.constantFrom(...people),
              decision: fc.constantFrom<Decision>('approved', 'rejected'),
            }),
            { minLength: 1, maxLength: 3 },
          ),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(1000, 6000, 61_000, hourMs) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('cancel' as const), evenInDoubt: fc.boolean() }),
      },
      { weight: 1, arbitrary: fc.constant({ kind: 'runCancelled' as const }) },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('team' as const), person: fc.constantFrom(...people) }),
      },
    ),
    { minLength: 1, maxLength: 8 },
  ),
  moods: fc.array(fc.constantFrom<GitHubMood>('accepts', 'refuses', 'busy', 'lost', 'lost', 'silent'), {
    maxLength: 6,
  }),
  atLast: fc.constantFrom('accepts', 'accepts', 'silent'),
  crashes: fc.array(
    fc.record({ at: fc.integer({ min: 5, max: 26 }), when: fc.constantFrom('before' as const, 'after' as const) }),
    { maxLength: 3 },
  ),
});

interface Played {
  readonly approval: ApprovalDocument;
  /** Reasons of the dead letters that the queue has. */
  readonly deadLetters: readonly string[];
  /** Payloads that GitHub took, as text, in order. */
  readonly taken: readonly string[];
  /** Decisions that rest on the vote of somebody who was not in the team, or on too few. */
  readonly wrong: readonly string[];
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function play(scenario: Scenario): Promise<Played> {
  const clock = new ManualClock();
  const embedded = openEmbedded(':memory:', clock);
  const taken: string[] = [];
  const wrong: string[] = [];
  const team = new Set(people.map(idOf));
  const moods = [...scenario.moods];
  const { store } = crashing(embedded.store, embedded.bus, new Crashes(scenario.crashes));
  const context: ApprovalsContext = {
    store,
    clock,
    github: {
      dispatch: async ({ clientPayload }: DispatchRequest) => {
        await turn();
        const mood = moods.shift() ?? scenario.atLast;
        if (mood === 'accepts' || mood === 'lost') taken.push(JSON.stringify(clientPayload));
        await turn();
        return answers[mood];
      },
      findRepository: async () => null,
      findUser: async () => null,
      teamMembers: async () => ({ ids: [...team], isComplete: true }),
    },
    memberships: new Memberships(async (_, { id }) => {
      await turn();
      return team.has(id);
    }, clock),
    ...quietParts,
  };
  const worker = embedded.bus.consume('approvals', approvalsHandler(context), { sessions: 4 });
  const advance = async (ms: number): Promise<void> => {
    clock.advance(ms);
    for (let turns = 0; turns < 12; turns += 1) await turn();
  };
  await noteRepository(embedded.store, run.repository, clock.now(), {
    fullName: 'acme/requests',
    owner: 'acme',
    ownerId: '11',
    installationId: '1',
  });
  const { id } = await requestApproval(context, {
    request: {
      title: 'basket to production',
      policy: {
        approvers: [{ githubTeam: 'acme/release' }],
        quorum: scenario.quorum,
      },
      expiresInSeconds: 2 * 3600,
    },
    requester: {
      repository: 'acme/requests',
      ref: run.repository,
      ownerId: '11',
      runId: run.runId,
      runAttempt: run.attempt,
      actor: 'octocat',
      actorId: '1',
    },
    repository: {
      ref: run.repository,
      ownerId: '11',
      fullName: 'acme/requests',
      installationId: '1',
    },
    key: null,
  });
  const survive = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      // The process that served this click is gone; what it wrote is there.
      if (!(error instanceof CrashError) && !(error instanceof Error && error.name === 'ZektError')) throw error;
    }
  };
  const click = (person: number, decision: Decision): Promise<void> =>
    survive(async () => {
      const seen = await findApproval(embedded.store, id);
      if (!seen) throw new Error('it is there');
      const actor = { provider: 'github' as const, id: idOf(person), tenant: null, name: `user-${person}` };
      await decide(context, seen.body, {
        decision,
        person: { actor, groups: [] },
        comment: '',
        via: 'card',
        requestId: null,
      });
    });
  const now = async (): Promise<ApprovalDocument> => {
    const found = await findApproval(embedded.store, id);
    if (!found) throw new Error('the approval is gone');
    return found.body;
  };
  /** Nobody comes or goes while people click, so whoever decided then was in the team. */
  const clickTogether = async (clicks: Extract<Input, { kind: 'clicks' }>['clicks']): Promise<void> => {
    clock.advance(1);
    const before = await now();
    await Promise.all(clicks.map(({ person, decision }) => click(person, decision)));
    const after = await now();
    const wasOpen = before.state === 'pending' && before.inDoubt === null;
    const decision = after.claim?.decision ?? after.inDoubt ?? after.decision?.decision;
    if (!wasOpen || decision === undefined) return;
    const votes = after.votes.filter((vote) => vote.decision === decision);
    const needed = decision === 'approved' ? scenario.quorum : 1;
    if (votes.length < needed || (decision === 'approved' && votes.some(({ actor }) => !team.has(actor.id))))
      wrong.push(`${decision} by ${votes.map(({ actor }) => actor.id).join()} of ${[...team].join()}`);
  };
  for (const [index, input] of scenario.inputs.entries()) {
    if (input.kind === 'time') await advance(input.ms);
    else if (input.kind === 'cancel') await survive(() => cancelApproval(context, id, 'somebody', input));
    else if (input.kind === 'runCancelled') await embedded.bus.publish([runCancelledHint(run, String(index))]);
    else if (input.kind === 'team') {
      const who = idOf(input.person);
      if (!team.delete(who)) team.add(who);
    } else await clickTogether(input.clicks);
  }
  // Past the expiry, every lease and every repetition.
  for (let step = 0; step < 60; step += 1) await advance(15 * 60_000);
  await worker.stop();
  const { items } = await embedded.bus.deadLetters('approvals', { limit: 10 });
  const approval = await now();
  await embedded.close();
  return { approval, taken, wrong, deadLetters: items.map(({ reason }) => reason) };
}

test('any interleaving dispatches at most one decision, the stored one, and repeats it only where an answer was lost', async () => {
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      const { approval, taken, wrong, deadLetters } = await play(scenario);
      expect(wrong).toEqual([]);
      // One decision, told in the same words each time.
      expect(new Set(taken).size).toBeLessThanOrEqual(1);
      expect(['approved', 'rejected', 'expired', 'cancelled', 'undelivered']).toContain(approval.state);
      const [first] = taken;
      if (approval.state === 'approved' || approval.state === 'rejected') {
        expect(JSON.parse(first ?? '{}')).toMatchObject({ approvalId: approval.id, decision: approval.state });
        expect(approval.decision?.decision).toBe(approval.state);
      } else if (approval.state === 'undelivered') {
        // GitHub may have been told that, and nothing else; there is a dead letter to repeat it.
        expect(scenario.atLast).toBe('silent');
        for (const text of taken) expect(JSON.parse(text)).toMatchObject({ decision: approval.inDoubt });
        expect(deadLetters[0]).toContain('did not confirm');
      } else if (!scenario.inputs.some((input) => input.kind === 'cancel' && input.evenInDoubt)) {
        expect(taken).toEqual([]);
      }
      if (approval.state !== 'undelivered') expect(deadLetters).toEqual([]);
      const lost = scenario.moods.filter((mood) => mood === 'lost').length;
      expect(taken.length).toBeLessThanOrEqual(1 + lost + scenario.crashes.length);
      expect([approval.claim, approval.inDoubt === null]).toEqual([null, approval.state !== 'undelivered']);
    }),
    { numRuns: 1000, seed: 20_261_122 },
  );
}, 300_000);
