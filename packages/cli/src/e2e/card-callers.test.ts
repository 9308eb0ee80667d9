import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { EntraUser } from '@zekt/simulator';
import { devTenant } from '../dev/dev-world.ts';
import { octocatIdentity, openFixture, type Fixture } from './fixture.ts';

// A server that also trusts the retired issuer and a bot, because its operator said so.

const publicUrl = 'http://127.0.0.1:9';

let world: Fixture;
let ada: EntraUser;

beforeAll(async () => {
  world = await openFixture({
    settings: { ZEKT_PUBLIC_URL: publicUrl },
    settingsOf: (entra) => ({
      ZEKT_CARD_LEGACY_ISSUER: entra.legacyIssuer,
      ZEKT_CARD_BOT_APP_ID: 'bot-app',
      ZEKT_CARD_BOT_ISSUER: entra.botIssuer,
      ZEKT_CARD_BOT_OPENID_URL: `${entra.botIssuer}/.well-known/openidconfiguration`,
    }),
  });
  ada = world.entra.addUser('ada@acme.example', devTenant);
  await world.client('applyResources', { body: { resources: [octocatIdentity(world)] } });
});
afterAll(() => world.stop());

/** POSTs to the Approve button of a new approval. */
async function click(token: string, body: object = {}): Promise<{ id: string; status: number; text: string | null }> {
  // The job's token is for the address that the server is configured with, too.
  const jobToken = await world.github.issuer.mint(world.startRun(), publicUrl);
  const question = await fetch(`${world.zekt.url}/api/approvals`, {
    method: 'POST',
    headers: { authorization: `Bearer ${jobToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      title: 'basket',
      policy: { approvers: [{ entra: { tenant: devTenant, objectId: ada.objectId } }] },
    }),
  });
  const asked = (await question.json()) as { id?: string };
  const card = await world.client('getApprovalCard', { params: { id: String(asked.id) }, query: { form: 'message' } });
  const target = /"target":"([^"]+\/approve[^"]+)"/.exec(JSON.stringify(card))?.[1] ?? '';
  const response = await fetch(target.replace(publicUrl, world.zekt.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await response.text();
  return { id: String(asked.id), status: response.status, text: response.headers.get('card-action-status') };
}

test('the retired issuer counts, for this server by its configured address only', async () => {
  const token = (audience: string) => world.entra.cardToken(ada, { audience, version: 'legacy' });
  expect(await click(await token(publicUrl))).toMatchObject({
    status: 200,
    text: 'The request "basket" was approved.',
  });
  expect(await click(await token(world.zekt.url))).toMatchObject({ status: 401, text: null });
});

test("a bot's click counts, for whom its activity says", async () => {
  const serviceUrl = 'https://smba.trafficmanager.net/emea/';
  const activity = { serviceUrl, from: { aadObjectId: ada.objectId }, channelData: { tenant: { id: devTenant } } };
  const token = await world.entra.botToken('bot-app', serviceUrl);
  expect((await click(token, activity)).status).toBe(200);
  const stranger = { ...activity, from: { aadObjectId: crypto.randomUUID() } };
  expect(await click(token, stranger)).toMatchObject({
    status: 403,
    text: 'You are not allowed to decide this request.',
  });
});

test('whoever decided by a token without a name is shown by their Identity, and without one by what the ids are', async () => {
  const decider = async (): Promise<unknown> => {
    const token = await world.entra.cardToken(ada, { audience: publicUrl, version: 'legacy' });
    const { id } = await click(token);
    return (await world.client('getApproval', { params: { id } })).decision?.actor.name;
  };
  expect(await decider()).toBe(`somebody of Entra tenant ${devTenant} (object ${ada.objectId})`);
  const { id } = world.github.world.user('ada-l');
  const identity = {
    apiVersion: 'zekt.dev/v1',
    kind: 'Identity',
    metadata: { name: 'ada' },
    spec: { github: { id, login: 'ada-l' }, entra: { tenant: devTenant, objectId: ada.objectId } },
  };
  await world.client('applyResources', { body: { resources: [identity] } });
  expect(await decider()).toBe('ada-l on GitHub');
});
