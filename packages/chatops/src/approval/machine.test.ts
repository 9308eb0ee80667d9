import { describe, expect, test } from '@jest/globals';
import type { ApprovalDocument, Decision, Vote } from './approval-document.ts';
import {
  doubtEndsAt,
  expire,
  leaseMs,
  resume,
  settle,
  takeVote as takeVoteOf,
  voteKey,
  withdraw,
  type Verdict,
} from './machine.ts';

const start = Date.UTC(2026, 10, 22);
const end = start + 3_600_000;

const pending: ApprovalDocument = {
  id: `apr_${'0'.repeat(32)}`,
  state: 'pending',
  title: 'basket',
  text: '',
  environment: null,
  version: null,
  facts: [],
  policy: { approvers: [], quorum: 1, requesterMayApprove: false, requireRejectComment: false },
  requester: null,
  requesterEntra: null,
  cancelWithRun: true,
  subscription: null,
  target: null,
  votes: [],
  claim: null,
  inDoubt: null,
  decision: null,
  dispatch: { tries: 0, status: null, reason: null, at: null },
  posting: null,
  createdAt: start,
  expiresAt: end,
  decidedAt: null,
  audited: 1,
};
const vote = (decision: Decision, id = 'ada', at = start): Vote => ({
  decision,
  actor: { provider: 'github', id, tenant: null, name: null },
  comment: '',
  via: 'card',
  groups: [],
  requestId: null,
  at,
});

/** Takes a vote of somebody with one account, whose vote and all before it were found to count. */
function takeVote(approval: ApprovalDocument, given: Vote, nowMs: number, claimId: string): Verdict {
  const checks = new Map([...approval.votes, given].map((it) => [voteKey(it), null]));
  return takeVoteOf(approval, given, nowMs, claimId, { accounts: [given.actor], checks });
}

function claimed(decision: Decision, atMs = start): ApprovalDocument {
  const verdict = takeVote(pending, vote(decision), atMs, 'claim-1');
  if (verdict.kind !== 'claimed') throw new Error(verdict.kind);
  return verdict.step.next;
}
const unknown = { kind: 'unknown', status: null, reason: 'no answer' } as const;

describe('time', () => {
  test('is looked at when somebody clicks, whether or not a timer has come', () => {
    expect(takeVote(pending, vote('approved'), end - 1, 'c').kind).toBe('claimed');
    expect(takeVote(pending, vote('approved'), end, 'c')).toMatchObject({
      kind: 'expired',
      step: { next: { state: 'expired' }, audit: [{ what: 'expired' }] },
    });
  });

  test('a claim made before the end may finish after it', () => {
    const late = claimed('approved', end - 1);
    expect(expire(late, end + 1)).toBeNull();
    expect(settle(late, 'claim-1', { kind: 'done', status: 204 }, end + 5000)?.next).toMatchObject({
      state: 'approved',
      decidedAt: end + 5000,
    });
  });

  test('a decision in doubt does not expire: it may have been told already', () => {
    const doubtful = settle(claimed('approved'), 'claim-1', unknown, start)?.next;
    expect(doubtful).toMatchObject({ state: 'pending', inDoubt: 'approved' });
    expect(doubtful && expire(doubtful, end + 1)).toBeNull();
    expect(doubtful && resume(doubtful, end + 1, 'claim-2')?.next).toMatchObject({ state: 'dispatching' });
  });
});

describe('a claim', () => {
  test('keeps others out until its lease is over; then the same decision can be carried on, and no other', () => {
    const held = claimed('approved');
    expect(takeVote(held, vote('approved', 'grace'), start + leaseMs - 1, 'c').kind).toBe('busy');
    expect(takeVote(held, vote('rejected', 'grace'), start + leaseMs, 'c').kind).toBe('inDoubt');
    expect(takeVote(held, vote('approved', 'grace'), start + leaseMs, 'c').kind).toBe('claimed');
    expect(withdraw(held, 'operator', start + leaseMs)).toBeNull();
  });

  test("that is another's by now records nothing", () => {
    expect(settle(claimed('approved'), 'claim-0', { kind: 'done', status: 204 }, start)).toBeNull();
  });

  test('that GitHub refuses leaves the question open for either decision', () => {
    const refused = settle(
      claimed('approved'),
      'claim-1',
      { kind: 'refused', status: 404, cause: 'notFound', reason: 'gone' },
      start,
    )?.next;
    expect(refused).toMatchObject({ state: 'pending', inDoubt: null, dispatch: { tries: 1, status: 404 } });
    expect(refused && takeVote(refused, vote('rejected', 'grace'), start, 'c').kind).toBe('claimed');
  });

  test('a refusal after a doubt does not end the doubt', () => {
    const doubtful = settle(claimed('approved'), 'claim-1', unknown, start)?.next ?? pending;
    const again = resume(doubtful, start, 'claim-2')?.next ?? pending;
    const refused = settle(again, 'claim-2', { kind: 'busy', status: 429, reason: 'busy' }, start)?.next;
    expect(refused).toMatchObject({ state: 'pending', inDoubt: 'approved' });
  });
});

describe('a decision in doubt', () => {
  const doubtful = settle(claimed('approved'), 'claim-1', unknown, start)?.next ?? pending;
  const repeated = (atMs: number): ApprovalDocument => resume(doubtful, atMs, 'claim-2')?.next ?? pending;
  const last = doubtEndsAt(pending);

  test("ends an hour after the question's own time, at the last repetition that fails", () => {
    expect(last).toBe(end + 3_600_000);
    expect(settle(repeated(last - 1), 'claim-2', unknown, last - 1, true)?.next.state).toBe('pending');
    expect(settle(repeated(last), 'claim-2', unknown, last, false)?.next.state).toBe('pending');
    expect(settle(repeated(last), 'claim-2', unknown, last, true)).toMatchObject({
      next: { state: 'undelivered', inDoubt: 'approved', claim: null },
      audit: [{ what: 'answered' }, { what: 'undelivered', decision: 'approved', detail: 'no answer' }],
    });
    expect(settle(repeated(last), 'claim-2', { kind: 'done', status: 204 }, last, true)?.next.state).toBe('approved');
  });

  test('that was given up can be repeated once more, and takes no vote', () => {
    const given = settle(repeated(last), 'claim-2', unknown, last, true)?.next ?? pending;
    expect(takeVote(given, vote('rejected', 'grace'), last, 'c')).toEqual({
      kind: 'undelivered',
      decision: 'approved',
    });
    const again = resume(given, last + 5, 'claim-3')?.next ?? pending;
    expect(settle(again, 'claim-3', { kind: 'done', status: 204 }, last + 6, true)?.next).toMatchObject({
      state: 'approved',
      inDoubt: null,
    });
  });

  test('can be withdrawn by who knows that GitHub may have been told, and is not repeated then', () => {
    expect(withdraw(doubtful, 'repository', start)).toBeNull();
    const step = withdraw(doubtful, 'operator', start, true);
    expect(step).toMatchObject({
      next: { state: 'cancelled', inDoubt: null },
      audit: [
        { what: 'withdrawn', decision: 'approved', detail: "operator, while GitHub may have been told 'approved'" },
      ],
    });
    expect(step && resume(step.next, last, 'c')).toBeNull();
    expect(withdraw(repeated(start), 'operator', start, true)).toBeNull();
  });
});

test('what is over stays as it is', () => {
  for (const state of ['approved', 'rejected', 'expired', 'cancelled'] as const) {
    const over: ApprovalDocument = { ...pending, state };
    expect(['decided', 'expired']).toContain(takeVote(over, vote('approved'), start, 'c').kind);
    expect([expire(over, end), withdraw(over, 'x', start), resume(over, start, 'c')]).toEqual([null, null, null]);
  }
});

test('a person who changes their mind counts once, with the last word', () => {
  const policy = { ...pending.policy, quorum: 2 };
  const first = takeVote({ ...pending, policy }, vote('approved'), start, 'c');
  if (first.kind !== 'counted') throw new Error(first.kind);
  const second = takeVote(first.step.next, vote('rejected'), start, 'c');
  expect(second).toMatchObject({ kind: 'claimed', step: { next: { votes: [{ decision: 'rejected' }] } } });
});
