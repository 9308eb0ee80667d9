import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NotificationEvent } from '../event/notification-event.ts';
import { config, info, onCommit, providerUid, Recorder, sha, type Reply } from '../testing/play.ts';

// What is there already may stand far behind in a long list. Whoever takes a part of it for all of it writes the same again at every event.

let recorder: Recorder;
beforeAll(async () => {
  recorder = await Recorder.start();
});
afterAll(() => recorder.stop());

const event: NotificationEvent = { ...info, metadata: { change_request: '12' } };
const json = (value: unknown, headers: Reply['headers'] = {}): Reply => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(value),
});
/** Whoever follows it loses the token. */
const nextElsewhere = {
  link: '<https://evil.example/?page=2>; rel="next", <https://evil.example/?page=9>; rel="last"',
};

interface Comments {
  readonly address: string;
  readonly prefix: string;
  readonly before: readonly Reply[];
  readonly own: object;
  readonly list: (page: number) => string;
  readonly update: string;
  readonly next: Reply['headers'];
}
const gitHubList = 'https://api.github.com/repos/acme/shop/issues/12/comments?sort=created&direction=asc&per_page=100';
const gitLabList =
  'https://gitlab.com/api/v4/projects/acme%2Fshop/merge_requests/12/notes?order_by=created_at&sort=asc&per_page=100';
const giteaList = 'https://gitea.io/api/v1/repos/acme/shop/issues/12/comments';
const commentTypes: Readonly<Record<string, Comments>> = {
  githubpullrequestcomment: {
    address: 'https://github.com/acme/shop',
    prefix: 'flux-pr-comment-key',
    before: [json({ login: 'bot' })],
    own: { user: { login: 'bot' } },
    list: (page) => (page === 1 ? gitHubList : `${gitHubList}&page=${page}`),
    update: 'https://api.github.com/repos/acme/shop/issues/comments/5',
    next: nextElsewhere,
  },
  gitlabmergerequestcomment: {
    address: 'https://gitlab.com/acme/shop',
    prefix: 'flux-mr-comment-key',
    before: [json({ username: 'bot' })],
    own: { author: { username: 'bot' } },
    list: (page) => (page === 1 ? gitLabList : `${gitLabList}&page=${page}`),
    update: 'https://gitlab.com/api/v4/projects/acme%2Fshop/merge_requests/12/notes/5',
    next: { 'x-next-page': '2' },
  },
  giteapullrequestcomment: {
    address: 'https://gitea.io/acme/shop',
    prefix: 'flux-pr-comment-key',
    before: [json({ version: '1.25.0' }), json({ login: 'bot' })],
    own: { user: { login: 'bot' } },
    list: (page) => (page === 1 ? giteaList : `${giteaList}?page=${page}`),
    update: 'https://gitea.io/api/v1/repos/acme/shop/issues/comments/5',
    next: nextElsewhere,
  },
};

describe.each(Object.entries(commentTypes))('%s', (type, { address, prefix, before, own, list, update, next }) => {
  const settings = config(type, { address, token: 't' });
  const others = Array.from({ length: 60 }, (_, id) => ({ id: 100 + id, body: 'x'.repeat(1500), user: null }));
  const ours = { id: 5, body: `<!-- ${prefix}:${providerUid}/HelmRelease/retail/shop --> old`, ...own };

  test('its own comment before many long ones is written anew', async () => {
    const { requests, verdict } = await recorder.play(event, settings, [...before, json([ours, ...others])]);
    expect(verdict).toEqual({ kind: 'done' });
    expect(requests.at(-1)?.url).toBe(update);
  });

  test('its own comment on the third page is found, by addresses that no answer gave', async () => {
    const pages = [json(others, next), json(others, next), json([...others, ours], next)];
    const { requests, verdict } = await recorder.play(event, settings, [...before, ...pages]);
    expect(verdict).toEqual({ kind: 'done' });
    expect(requests.slice(before.length).map(({ url }) => url)).toEqual([list(1), list(2), list(3), update]);
  });

  test('a list without end is left after ten pages, and no second comment is written', async () => {
    const { requests, verdict } = await recorder.play(event, settings, [
      ...before,
      ...Array.from({ length: 30 }, () => json(others, next)),
    ]);
    expect(verdict).toEqual({
      kind: 'refused',
      reason: 'None of the first 10 pages of comments has ours; a second one was not written.',
    });
    expect(requests).toHaveLength(before.length + 10);
    expect(requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  test('a list that is longer than what is read is no empty one', async () => {
    const { requests, verdict } = await recorder.play(event, settings, [
      ...before,
      json([{ id: 1, body: 'x'.repeat(5_000_001) }]),
    ]);
    expect(verdict).toEqual({
      kind: 'refused',
      reason: 'Its answer is longer than Zekt reads; nothing was written.',
    });
    expect(requests).toHaveLength(before.length + 1);
  });

  test('an own comment whose id is no number leads nowhere', async () => {
    const { requests, verdict } = await recorder.play(event, settings, [...before, json([{ ...ours, id: '../../x' }])]);
    expect(verdict.kind).toBe('refused');
    expect(requests).toHaveLength(before.length + 1);
  });

  test('without a name of our own, a comment without an author is not ours', async () => {
    const { requests, verdict } = await recorder.play(event, settings, [
      ...before.slice(0, -1),
      json({}),
      json([{ id: 5, body: ours.body }]),
    ]);
    expect(verdict.kind).toBe('refused');
    expect(requests).toHaveLength(before.length);
  });
});

const description = 'upgrade succeeded';
const context = 'kustomization/web/0c9c2e41';

describe('statuses', () => {
  const gitHub = config('github', { address: 'https://github.com/acme/shop', token: 't' });
  const gitHubStatuses = `https://api.github.com/repos/acme/shop/commits/${sha}/statuses?per_page=50`;
  const others = Array.from({ length: 50 }, (_, id) => ({ id, context: `other/${id}`, state: 'success', description }));
  const devOps = config('azuredevops', { address: 'https://dev.azure.com/acme/Shop/_git/web', token: 't' });
  const devOpsStatuses = `https://dev.azure.com/acme/Shop/_apis/git/repositories/web/commits/${sha}/statuses`;

  test('one on the second page that says the same is not written again', async () => {
    const same = { context, state: 'success', description };
    const { requests, verdict } = await recorder.play(onCommit(info), gitHub, [
      json(others, nextElsewhere),
      json([same]),
    ]);
    expect(verdict).toEqual({ kind: 'done' });
    expect(requests.map(({ url }) => url)).toEqual([gitHubStatuses, `${gitHubStatuses}&page=2`]);
  });

  test('among more than ten pages one more is written', async () => {
    const { requests, verdict } = await recorder.play(
      onCommit(info),
      gitHub,
      Array.from({ length: 10 }, () => json(others, nextElsewhere)),
    );
    expect(verdict).toEqual({ kind: 'done' });
    expect(requests.map(({ method }) => method)).toEqual([...Array.from({ length: 10 }, () => 'GET'), 'POST']);
  });

  test('on GitHub, one without a description does not stand for what was said before it', async () => {
    const { requests } = await recorder.play(onCommit(info), gitHub, [
      json([
        { context, state: 'success', description: null },
        { context, state: 'success', description },
      ]),
    ]);
    expect(requests).toHaveLength(1);
  });

  test('Azure DevOps, where a list of a thousand may go on', async () => {
    const many = Array.from({ length: 1000 }, (_, id) => ({ id, context: { genre: 'ci', name: String(id) } }));
    const same = { context: { genre: 'fluxcd', name: context }, state: 'succeeded', description };
    const { requests, verdict } = await recorder.play(onCommit(info), devOps, [
      json({ value: [] }),
      json({ count: 1000, value: many }),
      json({ count: 1, value: [same] }),
    ]);
    expect(verdict).toEqual({ kind: 'done' });
    expect(requests.slice(1).map(({ url }) => url)).toEqual([devOpsStatuses, `${devOpsStatuses}?top=1000&skip=1000`]);
  });

  test('Azure DevOps, whatever stands between project and repository in the address', async () => {
    const odd = { ...devOps, address: 'https://dev.azure.com/acme/Shop/git/web' };
    const { requests } = await recorder.play(onCommit(info), odd, [json({ value: [] }), json({ value: [] })]);
    expect(requests.at(-1)).toMatchObject({ method: 'POST', url: devOpsStatuses });
  });
});
