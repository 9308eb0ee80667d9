import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { openFixture, type Fixture } from '../../packages/cli/src/e2e/fixture.ts';

// The function app behind the host's front: what the host does to requests must not change what Zekt answers.

const secret = 'webhook-secret-of-this-test';
let world: Fixture;

beforeAll(async () => {
  world = await openFixture({ settings: { ZEKT_GITHUB_WEBHOOK_SECRET: secret } });
});
afterAll(() => world.stop());

const webhook = (body: Buffer) => ({
  'content-type': 'application/json',
  'x-github-event': 'ping',
  'x-github-delivery': '0a0a0a0a-0000-0000-0000-000000000001',
  'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
});

/** Sends bytes as they are; chunked without a length. */
function post(body: Buffer, { chunked = false } = {}): Promise<{ status: number; body: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${world.zekt.url}/api/github/webhooks`,
      { method: 'POST', headers: { ...webhook(body), ...(!chunked && { 'content-length': body.length }) } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> }),
        );
      },
    );
    sent.on('error', reject);
    if (chunked) sent.write(body);
    sent.end(chunked ? undefined : body);
  });
}

test('the signature is checked over the very bytes, a byte order mark and odd escapes included', async () => {
  const plain = Buffer.from('{"zen":"\\u00e9 \\/ 1e5 12345678901234567890"}');
  expect((await post(plain)).status).toBe(202);
  const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), plain]);
  const { status, body } = await post(marked);
  // Signed well, but not JSON: had the mark been stripped, the signature would have failed.
  expect([status, body.code]).toEqual([400, 'invalid_json']);
});

test('a chunked body, which the host drops, is answered 400, not taken for an empty one', async () => {
  const { status, body } = await post(Buffer.from('{"zen":"x"}'), { chunked: true });
  expect([status, body.code]).toEqual([400, 'invalid_webhook']);
  expect(body.error).toContain('empty');
});

test('what is not there is answered by Zekt, in JSON', async () => {
  const response = await fetch(`${world.zekt.url}/api/nothing/here`);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ code: 'not_found' });
  const wrong = await fetch(`${world.zekt.url}/api/events/receive`);
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
});

test('HEAD is answered as GET is, without a body', async () => {
  for (const [path, status] of [
    ['/api/health', 200],
    ['/api/ready', 200],
    ['/api/openapi.json', 200],
    ['/api/services', 401],
    ['/api/nothing/here', 404],
  ] as const) {
    const response = await fetch(`${world.zekt.url}${path}`, { method: 'HEAD' });
    expect([path, response.status, (await response.arrayBuffer()).byteLength]).toEqual([path, status, 0]);
  }
});

test('it is ready when store and bus answer', async () => {
  const response = await fetch(`${world.zekt.url}/api/ready`);
  expect([response.status, await response.json()]).toEqual([200, { ready: true, checks: { store: 'ok', bus: 'ok' } }]);
});

test('repeated query values and encoded paths arrive as they were sent', async () => {
  const response = await fetch(`${world.zekt.url}/api/subscriptions/a%20b%2Fc`, {
    headers: { authorization: `Bearer ${world.zekt.adminToken}` },
  });
  expect(response.status).toBe(404);
  expect(JSON.stringify(await response.json())).toContain('a b/c');
});

test('a person signs in and decides: cookies, redirects and forms go through the host as they are', async () => {
  world.github.world.user('mona');
  const { body: approval } = await world.post(world.startRun(), '/api/approvals', {
    title: 'basket to production',
    policy: { approvers: [{ github: 'mona' }] },
  });
  const get = (url: string, cookie = ''): Promise<Response> => fetch(url, { redirect: 'manual', headers: { cookie } });
  const hrefIn = (html: string, pattern: RegExp): string => (pattern.exec(html)?.[1] ?? '').replaceAll('&amp;', '&');

  const url = String(approval.url);
  const start = hrefIn(await (await get(url)).text(), /href="(\/chatops\/sign-in\/github[^"]+)"/);
  const away = await get(`${world.zekt.url}${start}`);
  expect(away.status).toBe(303);
  const [trip = ''] = away.headers.getSetCookie();
  expect(trip).toMatch(/^zekt-sign-in=[\w.-]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/i);
  const authorize = new URL(away.headers.get('location') ?? '');
  authorize.pathname = '/login/oauth/authorize/as';
  authorize.searchParams.set('as', 'mona');
  const back = await get(authorize.href);
  const home = await get(back.headers.get('location') ?? '', trip.split(';')[0]);
  expect([home.status, home.headers.get('location')]).toEqual([303, url]);
  const cookies = home.headers.getSetCookie();
  expect(cookies).toHaveLength(2);
  const session = cookies.find((it) => it.startsWith('zekt-session='))?.split(';')[0] ?? '';

  const page = await (await get(url, session)).text();
  expect(page).toContain('Your decision, mona');
  const decided = await fetch(url.replace('?t=', '/decision?t='), {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: session },
    body: new URLSearchParams({ decision: 'approved', token: hrefIn(page, /name="token" value="([^"]+)"/) }),
  });
  expect(decided.status).toBe(303);
  expect(await (await get(url, session)).text()).toContain('approved</span>');
});
