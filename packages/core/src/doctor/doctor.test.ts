import { expect, test } from '@jest/globals';
import { ManualClock } from '../ports/manual-clock.ts';
import type { GitHubApp, HookAttempt } from '../ports/github-app.ts';
import { ZektError } from '../errors.ts';
import { neededEvents, neededPermissions } from './app-needs.ts';
import { broken, doubtful } from './check.ts';
import { Doctor, type DoctorContext, type Probe } from './doctor.ts';

const hookUrl = 'https://zekt.example/api/github/webhooks';
const arrived = { event: 'ping', statusCode: 202, status: 'OK', hasArrived: true, deliveredAtMs: 0 };
const failed = (statusCode: number | null, status = 'Invalid HTTP Response'): HookAttempt => ({
  ...arrived,
  event: 'workflow_run',
  statusCode,
  status,
  hasArrived: false,
});

function doctorWith({ probes = [], ...answers }: Partial<GitHubApp> & { readonly probes?: readonly Probe[] }) {
  const clock = new ManualClock();
  const app: GitHubApp = {
    getApp: async () => ({ name: 'Zekt', permissions: neededPermissions, events: neededEvents, clockOffsetMs: 0 }),
    getHook: async () => ({ url: hookUrl, contentType: 'json' }),
    listHookAttempts: async () => [arrived],
    listInstallations: async () => [],
    ...answers,
  };
  const ownHook = () => ({ url: hookUrl, isCertain: true });
  const log = { warn: () => undefined };
  const context = { app, clock, log, ownHook, probes } as unknown as DoctorContext;
  return { clock, doctor: new Doctor(context) };
}
const look = (...checks: Awaited<ReturnType<Probe['look']>>): Probe => ({ id: 'probe', look: async () => checks });
const findings = async (doctor: Doctor) => (await doctor.examine()).checks.filter(({ level }) => level !== 'ok');

test("the other side's failures and what is only doubtful are told, and are no failure of ours", async () => {
  const theirs = broken('subscription a', 'It is pending.', 'Approve it.', 'theirs');
  const { doctor } = doctorWith({ probes: [look(theirs, doubtful('b', 'It may be.', 'Look.'))] });
  expect((await doctor.examine()).ok).toBe(true);
  expect(await findings(doctor)).toHaveLength(2);
  const ours = doctorWith({ probes: [look(broken('c', 'It is.', 'Mend it.'))] });
  expect((await ours.doctor.examine()).ok).toBe(false);
});

test('a look that hangs is given up, and the others are answered', async () => {
  const { doctor, clock } = doctorWith({
    probes: [{ id: 'hangs', look: () => new Promise(() => undefined) }, look(broken('c', 'It is.', 'Mend it.'))],
  });
  const examined = findings(doctor);
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(15_000);
  expect((await examined).map(({ id }) => id)).toEqual(['hangs', 'c']);
});

test('a refusal is told with what it says to do, and an unforeseen error without its text', async () => {
  const refused = async (): Promise<never> => {
    throw new ZektError('github_unreachable', 'GitHub could not be reached: reset. Check the network.');
  };
  const crashed = async (): Promise<never> => {
    throw new TypeError('canary');
  };
  const { doctor } = doctorWith({ getApp: refused, probes: [{ id: 'probe', look: crashed }] });
  const found = await findings(doctor);
  expect(found).toEqual([
    broken('app credentials', 'GitHub could not be reached: reset.', 'Check the network.'),
    expect.objectContaining({ id: 'probe', level: 'fail' }),
  ]);
  expect(JSON.stringify(found)).not.toContain('canary');
});

test.each([
  [[failed(401), arrived], /last webhook did not arrive: GitHub notes answer 401/, /ZEKT_GITHUB_WEBHOOK_SECRET/],
  [[failed(400)], /answer 400/, /content type/],
  [[failed(404)], /answer 404/, /path of the webhook's URL/],
  [[failed(413)], /answer 413/, /25 MB/],
  [[failed(502), failed(502)], /last 2 webhooks did not arrive/, /proxy in front can't reach this server/],
  [[failed(302)], /answer 302/, /redirects/],
  [[failed(null, 'failed to connect to host')], /'failed to connect to host'/, /firewall/],
  [[failed(500)], /answer 500/, /server's log/],
])('what became of the last webhooks is explained: %#', async (attempts, sentence, fix) => {
  const { doctor } = doctorWith({ listHookAttempts: async () => attempts });
  const [found] = await findings(doctor);
  expect(found).toMatchObject({ id: 'webhook deliveries', side: 'ours', level: 'fail' });
  expect(found?.sentence).toMatch(sentence);
  expect(found?.fix).toMatch(fix);
});

test('what failed before and arrives by now is well', async () => {
  const { doctor } = doctorWith({ listHookAttempts: async () => [arrived, failed(401), failed(401)] });
  expect(await findings(doctor)).toEqual([]);
});

test.each([[null], [{ url: null, contentType: 'json' }]])(
  'an App without an active webhook is told: %j',
  async (hook) => {
    const { doctor } = doctorWith({ getHook: async () => hook });
    expect(await findings(doctor)).toMatchObject([
      { id: 'webhook url', level: 'fail', fix: expect.stringMatching(hookUrl) },
    ]);
  },
);

test.each([
  [-61_000, /61 s ahead of GitHub's/],
  [61_000, /61 s behind GitHub's/],
])('a clock that differs by %i ms is told', async (clockOffsetMs, sentence) => {
  const facts = { name: 'Zekt', permissions: neededPermissions, events: neededEvents, clockOffsetMs };
  const { doctor } = doctorWith({ getApp: async () => facts });
  expect((await findings(doctor))[0]?.sentence).toMatch(sentence);
});

test('without members: read, only approvers by team do not work', async () => {
  const { members: _, ...permissions } = neededPermissions;
  const facts = { name: 'Zekt', permissions, events: neededEvents, clockOffsetMs: 60_000 };
  const { doctor } = doctorWith({ getApp: async () => facts });
  expect(await findings(doctor)).toMatchObject([{ id: 'app permission members', level: 'warn' }]);
});

test("of the App's webhook that goes elsewhere, its password and query are not shown", async () => {
  const url = 'https://zekt:canary@elsewhere.example/hook?token=canary';
  const { doctor } = doctorWith({ getHook: async () => ({ url, contentType: 'json' }) });
  const found = JSON.stringify(await findings(doctor));
  expect(found).toContain('https://elsewhere.example/hook');
  expect(found).not.toContain('canary');
});
