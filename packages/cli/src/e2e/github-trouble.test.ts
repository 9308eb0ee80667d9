import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Fault } from '@zekt/simulator';
import { openFixture, serviceResource, type Answer, type Fixture } from './fixture.ts';

// Whatever GitHub answers, whoever asked Zekt learns in one sentence what is wrong and what to do: never an internal error.

let world: Fixture;

beforeAll(async () => {
  world = await openFixture();
  world.github.world.user('mona');
});
afterEach(() => world.github.faults.clear());
afterAll(() => world.stop());

async function manage(method: string, path: string, body?: object): Promise<Answer & { headers: Headers }> {
  const response = await fetch(`${world.zekt.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${world.zekt.adminToken}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

const apply = (repository: string): Promise<Answer> =>
  manage('POST', '/api/apply', {
    resources: [{ ...serviceResource, spec: { ...serviceResource.spec, repository } }],
  });
const ask = (): Promise<Answer> =>
  world.post(world.startRun(), '/api/approvals', {
    title: 'to production',
    policy: { approvers: [{ github: 'mona' }] },
  });

const answers: readonly (readonly [string, Fault, number, string, RegExp])[] = [
  ['breaks the connection', { kind: 'reset' }, 503, 'github_unreachable', /could not be reached: .* Check the network/],
  [
    'answers 502',
    { kind: 'answer', status: 502, message: 'Bad Gateway' },
    503,
    'github_unreachable',
    /can't answer now \(502: Bad Gateway\)\. Try again/,
  ],
  [
    'asks for quiet',
    {
      kind: 'answer',
      status: 403,
      headers: { 'retry-after': '7' },
      message: 'You have exceeded a secondary rate limit',
    },
    503,
    'github_unreachable',
    /asks for quiet .* Try again in \d+ s/,
  ],
  [
    'does not know the key',
    { kind: 'answer', status: 401, message: 'A JSON web token could not be decoded' },
    502,
    'github_refused',
    /ZEKT_GITHUB_APP_ID and the private key belong to the same App/,
  ],
  [
    'does not know the App',
    { kind: 'answer', status: 404, message: 'Integration not found' },
    502,
    'github_refused',
    /does not accept the App's credentials/,
  ],
  [
    'is a proxy that answers HTML',
    { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' },
    503,
    'github_unreachable',
    /is a proxy in between/,
  ],
  [
    'breaks off in its answer',
    { kind: 'answer', status: 200, body: '{"id": 1' },
    503,
    'github_unreachable',
    /the answer is not JSON/,
  ],
];

test.each(answers)('where GitHub %s, apply and approvals say so', async (_, fault, status, code, sentence) => {
  const again = (): void => world.github.faults.add({ path: '/installation', times: Number.POSITIVE_INFINITY, fault });
  again();
  const applied = await apply('acme/other');
  const asked = await ask();
  for (const { status: got, body } of [applied, asked]) {
    expect([got, body.code]).toEqual([status, code]);
    expect(body.error).toMatch(sentence);
  }
});

test('the time that GitHub asks for is passed on', async () => {
  const fault: Fault = { kind: 'answer', status: 429, headers: { 'retry-after': '7' } };
  world.github.faults.add({ path: '/installation', fault });
  const { status, headers } = await manage('PUT', '/api/services/acme/new', {
    ...serviceResource.spec,
    repository: 'acme/other',
  });
  expect(status).toBe(503);
  expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(7);
});

test.each(['with GitHub down', 'with a key of another App'])('doctor answers %s', async (which) => {
  const fault: Fault = which === 'with GitHub down' ? { kind: 'reset' } : { kind: 'answer', status: 401 };
  world.github.faults.add({ path: '/', times: Number.POSITIVE_INFINITY, fault });
  const { status, body } = await manage('GET', '/api/doctor?repository=acme/requests');
  expect(status).toBe(200);
  expect(body.ok).toBe(false);
  expect(body.checks).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: 'app credentials', level: 'fail' }),
      expect.objectContaining({ id: 'repository', level: 'fail' }),
      expect.objectContaining({ id: 'storage', level: 'ok' }),
    ]),
  );
});

test('a repository under a name of before is not found, and the sentence says what to check', async () => {
  world.github.rename(world.finance, 'money');
  await world.github.webhooks.settled();
  const { status, body } = await apply('contoso/finance');
  expect([status, body.code]).toEqual([404, 'repository_not_found']);
  expect(body.error).toMatch(/Check the spelling/);
});

test.each([
  ['workflow=x', /needs 'repository'/],
  ['repository=nonsense', /must be owner\/name/],
  ['repository=a/b/c', /must be owner\/name/],
])('GET /api/doctor?%s is a query that is refused', async (query, sentence) => {
  const { status, body } = await manage('GET', `/api/doctor?${query}`);
  expect([status, body.code]).toEqual([400, 'invalid_query']);
  expect(body.error).toMatch(sentence);
});
