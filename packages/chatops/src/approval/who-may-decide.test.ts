import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ApprovalPolicy } from '@zekt/contracts';
import { repositoryRef } from '@zekt/core';
import { channelsPartition } from '../keys.ts';
import { linkAccounts } from '../identity/link-accounts.ts';
import { removeIdentity, listIdentities } from '../identity/list-identities.ts';
import { putIdentity } from '../identity/put-identity.ts';
import { groupId, guid, issuer, onEntra, onGitHub, PeopleWorld, tenant } from '../testing/people-world.ts';
import { approvalsHandler } from './handle-work.ts';
import { standingOf } from './may-decide.ts';

// user-1 starts the run. What counts is who people are, at GitHub and at Entra, when their votes are to decide.

let world: PeopleWorld;
beforeEach(async () => {
  world = new PeopleWorld();
  await world.start();
});
afterEach(() => world.embedded.close());

const entra = (digit: number) => ({ entra: { tenant, objectId: guid(digit) } });
const group = { entraGroup: { tenant, groupId } };
const gitHub = (id: number) => ({ github: `user-${id}` });
const team = (name: string) => ({ githubTeam: name });
const identity = (id: number, digit: number, spec: object = {}, name = `person-${id}`) =>
  putIdentity(
    { ...world.context, issuer, nowMs: world.clock.now(), dryRun: false },
    {
      apiVersion: 'zekt.dev/v1',
      kind: 'Identity',
      metadata: { name },
      spec: { github: { id: String(id) }, entra: { tenant, objectId: guid(digit) }, ...spec },
    },
  );

describe('whoever started the run', () => {
  test('can not approve with the Entra account that the request gives as theirs', async () => {
    for (const policy of [{ approvers: [entra(1), entra(2)] }, { approvers: [group] }]) {
      const approval = await world.ask(policy, { requester: { entra: { tenant, objectId: guid(1).toUpperCase() } } });
      expect(await world.click(approval, onEntra(1, [groupId]))).toMatchObject({
        kind: 'notAllowed',
        why: 'isRequester',
      });
      expect((await world.click(approval, onEntra(2, [groupId]))).kind).toBe('done');
    }
  });

  test('can not approve with the Entra account of their Identity, also when that is known only later', async () => {
    await identity(1, 1);
    const approval = await world.ask({ approvers: [entra(1), entra(2)] });
    expect(await world.click(approval, onEntra(1))).toMatchObject({ kind: 'notAllowed', why: 'isRequester' });

    const other = await world.ask({ approvers: [gitHub(4), gitHub(5)], quorum: 1 });
    await identity(1, 4, { allowSeveral: true }, 'work');
    await identity(4, 4, { allowSeveral: true }, 'second-account');
    expect(await world.click(other, onGitHub(4))).toMatchObject({ kind: 'notAllowed', why: 'isRequester' });
  });

  test('must be known in each tenant whose people may decide, or nobody is asked', async () => {
    for (const approver of [entra(2), group])
      await expect(world.ask({ approvers: [approver, gitHub(2)] })).rejects.toMatchObject({
        code: 'requester_unknown',
        message: expect.stringMatching(
          /which account of that tenant belongs to user-1.*requester-entra.*Identity.*requesterMayApprove: true/,
        ),
      });
    const elsewhere = { entra: { tenant: guid(9), objectId: guid(1) } };
    await expect(world.ask({ approvers: [entra(2)] }, { requester: elsewhere })).rejects.toMatchObject({
      code: 'requester_unknown',
    });
    expect(await world.ask({ approvers: [entra(2)], requesterMayApprove: true })).toMatchObject({ state: 'pending' });
    expect(await world.ask({ approvers: [gitHub(2)] })).toMatchObject({ state: 'pending' });
  });

  test('is let in nowhere by a link: it gives no right', async () => {
    await identity(2, 2);
    const approval = await world.ask({ approvers: [gitHub(2), gitHub(3)] });
    expect(await world.click(approval, onEntra(2))).toMatchObject({ kind: 'notAllowed', why: 'notAsked' });
  });
});

describe('a question that can not be decided is not asked:', () => {
  const cases: readonly [string, ApprovalPolicy, string][] = [
    ['only whoever started the run may', { approvers: [gitHub(1)] }, 'Only whoever started the run is named'],
    [
      'more must than can',
      { approvers: [gitHub(2), gitHub(3)], quorum: 3 },
      '3 approvals are needed, but only 2 people',
    ],
    [
      'whoever started the run is one too many',
      { approvers: [gitHub(1), gitHub(2)], quorum: 2 },
      '2 approvals are needed, but only 1 person may approve, since whoever started the run may not',
    ],
    ['the same person twice', { approvers: [gitHub(2), gitHub(2)], quorum: 2 }, 'only 1 person'],
    ['there is no such account', { approvers: [{ github: 'nobody' }] }, "there is no GitHub account 'nobody'"],
    ['there is no such team', { approvers: [team('acme/none')] }, "the Zekt App sees no team 'acme/none'"],
    ['the team is empty', { approvers: [team('acme/empty')] }, 'Nobody is in the teams'],
    ['the team is who started the run', { approvers: [team('acme/solo')] }, 'Only whoever started the run is named'],
    [
      'the team is too small',
      { approvers: [team('acme/pair')], quorum: 3 },
      '3 approvals are needed, but only 2 people',
    ],
    [
      'too many teams',
      { approvers: Array.from({ length: 11 }, (_, index) => team(`acme/t${index}`)) },
      '11 teams may approve; at most 10 can',
    ],
    ["another organisation's team", { approvers: [team('contoso/release')] }, 'is of another organisation than acme'],
  ];
  test.each(cases)('%s', async (_, policy, message) => {
    for (const [name, ids] of Object.entries({ empty: [], solo: ['1'], pair: ['2', '3'] }))
      world.teams.set(`acme/${name}`, new Set(ids));
    world.teams.set('contoso/release', new Set(['7']));
    await expect(world.ask(policy)).rejects.toMatchObject({
      code: 'invalid_body',
      message: expect.stringContaining(message),
    });
  });

  test('two accounts of one person are one', async () => {
    await identity(2, 2);
    const requester = { entra: { tenant, objectId: guid(1) } };
    await expect(world.ask({ approvers: [gitHub(2), entra(2)], quorum: 2 }, { requester })).rejects.toThrow(
      'only 1 person',
    );
  });

  test('who has an entra group or the right to approve their own request is asked', async () => {
    expect((await world.ask({ approvers: [gitHub(1)], requesterMayApprove: true })).state).toBe('pending');
    const requester = { entra: { tenant, objectId: guid(1) } };
    expect((await world.ask({ approvers: [group], quorum: 20 }, { requester })).state).toBe('pending');
  });
});

describe('when the quorum is reached, all votes are checked again', () => {
  beforeEach(() => {
    world.teams.set('acme/release', new Set(['2', '3', '4']));
  });

  test('and whoever has left the team since does not count: the question stays open, and the record says who and why', async () => {
    const approval = await world.ask({ approvers: [team('acme/release')], quorum: 2 });
    expect((await world.click(approval, onGitHub(2))).kind).toBe('counted');
    world.teams.get('acme/release')?.delete('2');
    expect(await world.click(approval, onGitHub(3))).toMatchObject({ kind: 'counted', approvals: 1, dropped: 1 });
    expect(world.dispatched).toEqual([]);
    expect((await world.now(approval.id)).votes.map(({ actor }) => actor.id)).toEqual(['3']);
    expect(await world.audit(approval.id)).toContainEqual(
      expect.objectContaining({
        what: 'dropped',
        actor: onGitHub(2).actor,
        detail: 'They are not among those who may decide any more.',
      }),
    );
    expect((await world.click(approval, onGitHub(4))).kind).toBe('done');
    expect(world.dispatched).toHaveLength(1);
  });

  test('and the answer of a minute ago does not do, not even for who clicks', async () => {
    const approval = await world.ask({ approvers: [team('acme/release')] });
    expect(await standingOf(world.context, approval, onGitHub(2))).toMatchObject({ kind: 'mayDecide' });
    world.clock.advance(1000);
    world.teams.get('acme/release')?.delete('2');
    expect((await world.click(approval, onGitHub(2))).kind).toBe('notAllowed');
    expect((await world.now(approval.id)).state).toBe('pending');
  });

  test('and whoever an operator suspended does not count, nor may decide', async () => {
    const approval = await world.ask({ approvers: [team('acme/release')], quorum: 2 });
    await world.click(approval, onGitHub(2));
    await identity(2, 2, { suspend: true });
    expect(await world.click(approval, onGitHub(3))).toMatchObject({ kind: 'counted', dropped: 1 });
    expect(await world.click(approval, onGitHub(2))).toMatchObject({ kind: 'notAllowed', why: 'isSuspended' });
  });

  test('and two accounts that turn out to be of one person are one', async () => {
    const requester = { entra: { tenant, objectId: guid(1) } };
    const approval = await world.ask({ approvers: [gitHub(2), entra(2), gitHub(3)], quorum: 2 }, { requester });
    await world.click(approval, onGitHub(2));
    await linkAccounts(world.context, onGitHub(2), onEntra(2));
    expect(await world.click(approval, onEntra(2))).toMatchObject({ kind: 'counted', approvals: 1 });
    expect((await world.click(approval, onGitHub(3))).kind).toBe('done');
  });

  test('and what GitHub can not tell changes nothing: the vote can be given again', async () => {
    const approval = await world.ask({ approvers: [team('acme/release')], quorum: 2 });
    await world.click(approval, onGitHub(2));
    world.isGitHubAway = true;
    await expect(world.click(approval, onGitHub(3))).rejects.toMatchObject({ code: 'unavailable' });
    world.isGitHubAway = false;
    expect((await world.now(approval.id)).votes).toHaveLength(1);
    expect((await world.click(approval, onGitHub(3))).kind).toBe('done');
  });
});

describe('GitHub is asked who is in a team', () => {
  test('once a minute for a person and a team, and not at all where nothing hangs on it', async () => {
    for (const name of ['one', 'two', 'three']) world.teams.set(`acme/${name}`, new Set(['5']));
    const approval = await world.ask({
      approvers: [gitHub(2), ...['one', 'two', 'three'].map((it) => team(`acme/${it}`))],
    });
    for (let view = 0; view < 20; view += 1) await standingOf(world.context, approval, onGitHub(3));
    expect(world.asked).toEqual(['1 acme/one 3', '1 acme/two 3', '1 acme/three 3']);
    for (const person of [onGitHub(1), onGitHub(2), onEntra(3)]) await standingOf(world.context, approval, person);
    expect(world.asked).toHaveLength(3);
    world.clock.advance(60_000);
    await standingOf(world.context, approval, onGitHub(3));
    expect(world.asked).toHaveLength(6);
  });

  test("by another organisation's installation only where the channel lists a repository of it", async () => {
    const other = repositoryRef(issuer, '201');
    await world.noteRepository(other, 'contoso/app', '2');
    world.teams.set('contoso/release', new Set(['7']));
    const channel = (name: string, refs: readonly (readonly [string, string])[]) =>
      world.embedded.store.commit({
        partition: channelsPartition,
        writes: [
          {
            kind: 'put',
            id: name,
            body: {
              name,
              type: 'workflows',
              urlSecret: 'url',
              repositories: refs.map(([ref, fullName]) => ({ ref, fullName })),
            },
          },
        ],
      });
    await channel('ours', [[world.repository, 'acme/requests']]);
    await channel('shared', [
      [world.repository, 'acme/requests'],
      [other, 'contoso/app'],
    ]);
    const policy = { approvers: [team('contoso/release')] };
    await expect(world.ask(policy, { channel: 'ours' })).rejects.toThrow('Ask in a channel that lists a repository');
    const approval = await world.ask(policy, { channel: 'shared' });
    expect((await world.click(approval, onGitHub(7))).kind).toBe('done');
    expect(new Set(world.asked)).toEqual(new Set(['2 contoso/release 7']));
    // Listed under its name of before: since then it is of somebody else, who takes no part.
    await world.noteRepository(other, 'initech/app', '3');
    await expect(world.ask(policy, { channel: 'shared' })).rejects.toThrow('Ask in a channel that lists a repository');
  });
});

describe('a run that is cancelled', () => {
  const cancelled = (attempt = 1) => {
    const body = { kind: 'runCancelled', run: { ...world.run, attempt } };
    return approvalsHandler(world.context)({ id: 'm', session: 's', body, deliveryCount: 1 });
  };
  const policy = { approvers: [gitHub(2)] };

  test('withdraws its open question, and a later approval dispatches nothing', async () => {
    const approval = await world.ask(policy);
    await cancelled();
    expect((await world.now(approval.id)).state).toBe('cancelled');
    expect((await world.click(approval, onGitHub(2))).kind).toBe('expired');
    expect(world.dispatched).toEqual([]);
    expect(await world.audit(approval.id)).toContainEqual(
      expect.objectContaining({ what: 'withdrawn', detail: 'The run that asked was cancelled.' }),
    );
  });

  test('withdraws what it is asking at that moment', async () => {
    await cancelled();
    expect((await world.ask(policy)).state).toBe('cancelled');
  });

  test('leaves alone what another attempt asked, what was decided, and a question that outlives its run', async () => {
    const decided = await world.ask(policy);
    await world.click(decided, onGitHub(2));
    const kept = await world.ask(policy, { cancelWithRun: false });
    const open = await world.ask(policy);
    await cancelled(2);
    expect((await world.now(open.id)).state).toBe('pending');
    await cancelled();
    expect((await world.now(decided.id)).state).toBe('approved');
    expect((await world.now(kept.id)).state).toBe('pending');
    expect((await world.now(open.id)).state).toBe('cancelled');
  });
});

describe('an identity', () => {
  const names = async () =>
    (await listIdentities(world.embedded.store, undefined, 100)).items.map(({ metadata }) => metadata.name);

  test('is changed as a whole, and forgotten for both accounts', async () => {
    expect((await identity(2, 2)).action).toBe('created');
    expect((await identity(2, 2)).action).toBe('unchanged');
    expect((await identity(2, 3)).action).toBe('updated');
    const approval = await world.ask(
      { approvers: [gitHub(2)] },
      { requester: { entra: { tenant, objectId: guid(2) } } },
    );
    expect((await standingOf(world.context, approval, onGitHub(2))).kind).toBe('mayDecide');
    await removeIdentity(world.embedded.store, 'person-2', world.clock.now());
    expect(await names()).toEqual([]);
    expect((await identity(4, 3, {}, 'other')).action).toBe('created');
    await expect(removeIdentity(world.embedded.store, 'person-2', world.clock.now())).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('of an account that is linked in this tenant already is refused, also to two who link at once', async () => {
    await identity(2, 2);
    await expect(identity(2, 3, {}, 'other')).rejects.toMatchObject({ code: 'conflict' });
    await expect(identity(3, 2, {}, 'other')).rejects.toMatchObject({ code: 'conflict' });
    await expect(linkAccounts(world.context, onEntra(3), onGitHub(2))).rejects.toMatchObject({ code: 'conflict' });
    expect((await identity(2, 3, { allowSeveral: true }, 'other')).action).toBe('created');
    const results = await Promise.allSettled([
      linkAccounts(world.context, onGitHub(5), onEntra(5)),
      linkAccounts(world.context, onGitHub(6), onEntra(5)),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('is proved again without another one', async () => {
    await identity(2, 2);
    await linkAccounts(world.context, onGitHub(2), onEntra(2));
    expect(await names()).toEqual(['person-2']);
  });
});

test('a question whose rejection would be told as an approval is asked of nobody', async () => {
  const asking = world.ask(
    { approvers: [gitHub(2)] },
    { onApprove: { eventType: 'deploy' }, onReject: { eventType: 'Deploy' } },
  );
  await expect(asking).rejects.toMatchObject({ code: 'invalid_body' });
});
