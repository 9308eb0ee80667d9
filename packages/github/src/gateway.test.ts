import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { neededPermissions, systemClock } from '@zekt/core';
import { appPermissions, GitHubSimulator, type Installation, type Repository } from '@zekt/simulator';
import { RestGateway } from './gateway.ts';
import { readPrivateKey } from './private-key.ts';

let github: GitHubSimulator;
let gateway: RestGateway;
let repository: Repository;
let installation: Installation;
let minted: number;
let posted: string[];

beforeEach(async () => {
  github = await GitHubSimulator.start();
  repository = github.repository('contoso/platform');
  installation = github.install([repository, github.repository('contoso/other')]);
  gateway = gatewayWith({});
  minted = 0;
  // Of this GitHub alone: an earlier one may still answer.
  const seen: string[] = [];
  posted = seen;
  github.onExchange = ({ method, path, requestBody }) => {
    if (path.endsWith('/access_tokens')) minted += 1;
    if (path.endsWith('/dispatches')) seen.push(`${method} ${path}`);
    lastRequest = requestBody;
  };
});
afterEach(() => github.stop());

let lastRequest = '';

function gatewayWith(options: { timeoutMs?: number; appId?: string }): RestGateway {
  return new RestGateway({
    appId: github.appId,
    privateKey: readPrivateKey(github.privateKey),
    apiUrl: github.url,
    userAgent: 'zekt/test',
    clock: systemClock,
    ...options,
  });
}

const dispatch = (changes: Partial<Parameters<RestGateway['dispatch']>[0]> = {}) =>
  gateway.dispatch({
    installationId: String(installation.id),
    repositoryId: String(repository.id),
    repository: 'contoso/platform',
    eventType: 'built',
    clientPayload: { payload: { ok: true } },
    ...changes,
  });

describe('tokens', () => {
  test('one for many dispatches, for one repository and contents: write only', async () => {
    let scope = '';
    github.onExchange = ({ path, requestBody }) => {
      if (path.endsWith('/access_tokens')) {
        minted += 1;
        scope = requestBody;
      }
    };
    await Promise.all(Array.from({ length: 10 }, () => dispatch()));
    await dispatch();
    expect(minted).toBe(1);
    expect(JSON.parse(scope)).toEqual({ repository_ids: [repository.id], permissions: { contents: 'write' } });
    expect(github.dispatchesTo('contoso/platform')).toHaveLength(11);
  });

  test('ask together for the permissions that the App has, and for no others', async () => {
    const asked: Record<string, string> = {};
    github.onExchange = ({ path, requestBody }) => {
      if (!path.endsWith('/access_tokens')) return;
      Object.assign(asked, (JSON.parse(requestBody) as { permissions: object }).permissions);
    };
    github.world.teams.set('contoso/release', new Set(['mona']));
    const mona = { id: String(github.world.user('mona').id), login: 'mona' };
    const installationId = String(installation.id);
    await dispatch();
    await gateway.findRepository('contoso/platform');
    await gateway.findRun({ id: String(repository.id), fullName: 'contoso/platform', installationId }, '1', 1);
    await gateway.findUser('mona', installationId);
    await gateway.isTeamMember('contoso/release', mona, installationId);
    await gateway.teamMembers('contoso/release', installationId);
    expect(asked).toEqual(neededPermissions);
  });

  test('a token that GitHub no longer takes is minted again, once', async () => {
    await dispatch();
    github.faults.add({ path: '/dispatches', fault: { kind: 'answer', status: 401, message: 'Bad credentials' } });
    expect(await dispatch()).toMatchObject({ kind: 'accepted' });
    expect(minted).toBe(2);
  });

  test('two refusals in a row are for the schedule', async () => {
    github.faults.add({
      path: '/dispatches',
      times: 2,
      fault: { kind: 'answer', status: 401, message: 'Bad credentials' },
    });
    expect(await dispatch()).toMatchObject({ kind: 'retry', status: 401 });
  });
});

describe('answers', () => {
  test('what arrives is what was sent', async () => {
    expect(await dispatch()).toEqual({ kind: 'accepted', status: 204 });
    expect(JSON.parse(lastRequest)).toEqual({ event_type: 'built', client_payload: { payload: { ok: true } } });
  });

  test('a renamed repository is found by its id, and its new name is told', async () => {
    github.rename(repository, 'platform-two');
    expect(await dispatch()).toEqual({ kind: 'accepted', status: 204, repository: 'contoso/platform-two' });
    expect(posted).toEqual(['POST /repos/contoso/platform/dispatches', 'POST /repos/contoso/platform-two/dispatches']);
  });

  test('a stranger who takes the old name gets nothing', async () => {
    github.rename(repository, 'platform-two');
    github.addToInstallation(installation, github.repository('contoso/platform'));
    expect(await dispatch()).toMatchObject({ kind: 'accepted', repository: 'contoso/platform-two' });
    expect(github.dispatchesTo('contoso/platform')).toEqual([]);
  });

  test('a public repository that took the old name answers 403, and does not hide the renamed one', async () => {
    github.rename(repository, 'platform-two');
    github.faults.add({
      path: '/repos/contoso/platform/dispatches',
      fault: { kind: 'answer', status: 403, message: 'Resource not accessible by integration' },
    });
    expect(await dispatch()).toMatchObject({ kind: 'accepted', repository: 'contoso/platform-two' });
  });

  test.each(['with a token from before', 'with no token yet'])(
    'who takes the name of a deleted repository gets nothing: %s',
    async (when) => {
      if (when === 'with a token from before') await dispatch();
      const before = github.world.dispatches.length;
      github.delete(repository);
      const stranger = github.repository('contoso/platform');
      github.addToInstallation(installation, stranger);
      expect(stranger.id).not.toBe(repository.id);
      expect(await dispatch()).toMatchObject({ kind: 'refused', status: 422 });
      expect(github.world.dispatches).toHaveLength(before);
    },
  );

  test('a repository taken out of the installation is refused', async () => {
    github.removeFromInstallation(installation, repository);
    expect(await dispatch()).toMatchObject({ kind: 'refused', status: 422 });
  });

  test('a missing permission is refused, with what to do', async () => {
    installation.permissions = { ...appPermissions, contents: 'read' };
    expect(await dispatch()).toMatchObject({ kind: 'refused', reason: expect.stringContaining('Contents: write') });
  });

  test('an archived repository is refused', async () => {
    github.archive(repository);
    expect(await dispatch()).toMatchObject({ kind: 'refused', status: 403 });
  });

  test('a suspended installation is told apart', async () => {
    github.suspend(installation);
    expect(await dispatch()).toMatchObject({ kind: 'suspended' });
  });

  test('an installation that is gone is refused', async () => {
    github.uninstall(installation);
    expect(await dispatch()).toMatchObject({ kind: 'refused', status: 404 });
  });

  test.each([11, 12])("GitHub's limit of ten keys: %i", async (keys) => {
    const clientPayload = Object.fromEntries(Array.from({ length: keys }, (_, n) => [`key${n}`, n]));
    expect(await dispatch({ clientPayload })).toMatchObject({
      kind: 'refused',
      status: 422,
      reason: expect.stringContaining('10 properties'),
    });
  });

  test('an App whose key or clock is wrong is our fault, so deliveries wait', async () => {
    gateway = gatewayWith({ appId: '666' });
    expect(await dispatch()).toMatchObject({ kind: 'retry', status: 401 });
  });

  test('a connection that breaks is for the schedule', async () => {
    github.faults.add({ path: '/dispatches', times: 9, fault: { kind: 'reset' } });
    expect(await dispatch()).toMatchObject({ kind: 'retry', status: null });
  });

  test('no answer in time is for the schedule', async () => {
    gateway = gatewayWith({ timeoutMs: 50 });
    github.faults.add({ path: '/dispatches', fault: { kind: 'delay', ms: 500 } });
    expect(await dispatch()).toMatchObject({
      kind: 'retry',
      status: null,
      reason: expect.stringMatching(/timed out/),
    });
  });

  test('a limit names its time', async () => {
    github.faults.add({
      path: '/dispatches',
      fault: { kind: 'answer', status: 403, headers: { 'retry-after': '60' }, message: 'secondary rate limit' },
    });
    const asked = Date.now();
    const answer = await dispatch();
    expect(answer.kind === 'limited' ? answer.notBefore : null).toBeGreaterThanOrEqual(asked + 60_000);
  });

  test('a limit on tokens counts like one on dispatches', async () => {
    github.faults.add({
      path: '/access_tokens',
      fault: { kind: 'answer', status: 429, headers: { 'retry-after': '60' } },
    });
    expect(await dispatch()).toMatchObject({ kind: 'limited', status: 429 });
  });
});

describe('a repository that was given away', () => {
  const refusal = {
    kind: 'refused',
    status: null,
    reason: expect.stringMatching(/another account/),
    transferred: true,
  };
  const ownerOf = (it: Repository): string => String(it.owner.id);

  test('is not followed, though a token from before knew its owner', async () => {
    const ownerId = ownerOf(repository);
    expect(await dispatch({ ownerId })).toMatchObject({ kind: 'accepted' });
    github.transfer(repository, 'initech');
    expect(await dispatch({ ownerId })).toEqual(refusal);
    expect(github.dispatchesTo('initech/platform')).toEqual([]);
    // Asked for under the old name only, which GitHub answers with a redirect.
    expect(posted).toEqual(Array(2).fill('POST /repos/contoso/platform/dispatches'));
  });

  test('is not posted to at all where its new name and installation are known already', async () => {
    const ownerId = ownerOf(repository);
    github.removeFromInstallation(installation, repository);
    github.transfer(repository, 'initech');
    const theirs = github.install([repository]);
    const answer = await dispatch({ ownerId, repository: 'initech/platform', installationId: String(theirs.id) });
    expect(answer).toEqual(refusal);
    expect(posted).toEqual([]);
  });

  test('is refused where the App is not installed any more', async () => {
    const ownerId = ownerOf(repository);
    await dispatch({ ownerId });
    github.transfer(repository, 'initech');
    github.removeFromInstallation(installation, repository);
    expect(await dispatch({ ownerId })).toMatchObject({ kind: 'refused', status: 422 });
  });

  test('is not posted to after a token that GitHub no longer took', async () => {
    const ownerId = ownerOf(repository);
    await dispatch({ ownerId });
    github.transfer(repository, 'initech');
    github.faults.add({ path: '/dispatches', fault: { kind: 'answer', status: 401, message: 'Bad credentials' } });
    posted.length = 0;
    expect(await dispatch({ ownerId, repository: 'initech/platform' })).toEqual(refusal);
    expect(github.dispatchesTo('initech/platform')).toEqual([]);
  });

  test('is followed where no owner is asked for, and where the owner has it back', async () => {
    const ownerId = ownerOf(repository);
    github.transfer(repository, 'initech');
    expect(await dispatch()).toMatchObject({ kind: 'accepted', repository: 'initech/platform' });
    github.transfer(repository, 'contoso');
    expect(await dispatch({ ownerId })).toEqual({ kind: 'accepted', status: 204 });
  });
});

describe('look-ups', () => {
  test('a repository is found with its ids and installation', async () => {
    expect(await gateway.findRepository('CONTOSO/platform')).toEqual({
      id: String(repository.id),
      fullName: 'contoso/platform',
      ownerId: String(repository.owner.id),
      owner: 'contoso',
      installationId: String(installation.id),
      archived: false,
      defaultBranch: 'main',
    });
  });

  test('one without the App is not found', async () => {
    github.repository('contoso/hidden');
    expect(await gateway.findRepository('contoso/hidden')).toBeNull();
    expect(await gateway.findRepository('nobody/nothing')).toBeNull();
  });

  test('a person is found by login, whatever its letters', async () => {
    const { id } = github.world.user('mona');
    expect(await gateway.findUser('Mona', String(installation.id))).toEqual({ id: String(id), login: 'mona' });
    expect(await gateway.findUser('no-such-person', String(installation.id))).toBeNull();
  });

  test('membership of a team is by id: who has taken over a login is not let in', async () => {
    const { id } = github.world.user('mona');
    github.world.teams.set('contoso/release', new Set(['mona']));
    const isMember = (team: string, user: { id: string; login: string }) =>
      gateway.isTeamMember(team, user, String(installation.id));
    const mona = { id: String(id), login: 'mona' };
    expect(await isMember('contoso/release', mona)).toBe(true);
    expect(await isMember('contoso/release', { id: '1', login: 'mona' })).toBe(false);
    expect(await isMember('contoso/other', mona)).toBe(false);
    expect(await isMember('initech/release', mona)).toBe(false);
  });

  test('membership of many teams costs one token, one look at the login and one query a team, and tells of its own organisation only', async () => {
    const { id } = github.world.user('mona');
    const names = ['one', 'two', 'three', 'four'].map((slug) => `contoso/${slug}`);
    for (const name of names) github.world.teams.set(name, new Set(['mona']));
    github.world.teams.set('acme/release', new Set(['mona']));
    github.install([github.repository('acme/requests')]);
    const asked: string[] = [];
    github.onExchange = ({ method, path }) => void asked.push(`${method} ${path}`);
    const mona = { id: String(id), login: 'mona' };
    for (const name of names) expect(await gateway.isTeamMember(name, mona, String(installation.id))).toBe(true);
    // Two tokens: for logins, and for members.
    expect(asked).toHaveLength(2 + 1 + names.length);
    expect(await gateway.isTeamMember('acme/release', mona, String(installation.id))).toBe(false);
    expect(await gateway.teamMembers('acme/release', String(installation.id))).toBeNull();
    expect(await gateway.teamMembers('contoso/one', String(installation.id))).toEqual({
      ids: [mona.id],
      isComplete: true,
    });
    expect(await gateway.teamMembers('contoso/none', String(installation.id))).toBeNull();
  });

  test('a rate limit says nothing about membership', async () => {
    const { id } = github.world.user('mona');
    github.world.teams.set('contoso/release', new Set(['mona']));
    const message = 'You have exceeded a secondary rate limit.';
    github.faults.add({ path: '/memberships/', fault: { kind: 'answer', status: 403, message } });
    const mona = { id: String(id), login: 'mona' };
    await expect(gateway.isTeamMember('contoso/release', mona, String(installation.id))).rejects.toThrow();
    expect(await gateway.isTeamMember('contoso/release', mona, String(installation.id))).toBe(true);
  });

  test('where the App may not see members, nobody is one', async () => {
    github.world.teams.set('contoso/release', new Set(['mona']));
    installation.permissions = { metadata: 'read', contents: 'write' };
    const { id } = github.world.user('mona');
    expect(
      await gateway.isTeamMember('contoso/release', { id: String(id), login: 'mona' }, String(installation.id)),
    ).toBe(false);
    expect(await gateway.teamMembers('contoso/release', String(installation.id))).toBeNull();
  });

  test('a run is found by attempt, an attempt to come is not', async () => {
    const run = github.startRun(repository, { workflow: '.github/workflows/a.yaml' });
    github.completeRun(run, 'failure');
    const where = { id: String(repository.id), fullName: 'contoso/platform', installationId: String(installation.id) };
    expect(await gateway.findRun(where, String(run.id), 1)).toMatchObject({
      status: 'completed',
      conclusion: 'failure',
      workflow: '.github/workflows/a.yaml',
    });
    expect(await gateway.findRun(where, String(run.id), 2)).toBeNull();
  });
});
