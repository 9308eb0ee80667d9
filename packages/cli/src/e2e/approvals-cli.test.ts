import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Approval, ApprovalRecord } from '@zekt/contracts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openFixture, type Fixture } from './fixture.ts';
import { runZekt, type Finished } from './run-zekt.ts';

let world: Fixture;
let directory: string;

beforeAll(async () => {
  world = await openFixture();
  directory = await mkdtemp(join(tmpdir(), 'zekt-evidence-'));
  world.github.world.user('mona');
});
afterAll(() => world.stop());

const zekt = (args: string, stdin = ''): Promise<Finished> => runZekt(args.split(' '), world.clientEnvironment, stdin);

async function ask(): Promise<string> {
  const { body } = await world.post(world.startRun(), '/api/approvals', {
    title: 'basket to production',
    policy: { approvers: [{ github: 'mona' }] },
    onApprove: { payload: { artefact: 'basket' } },
  });
  return (body as unknown as Approval).id;
}

test('approvals are listed, shown, decided and withdrawn', async () => {
  const id = await ask();
  expect((await zekt('approvals list')).stdout).toMatch(new RegExp(`${id} +pending +basket to production`));
  expect((await zekt(`approvals show ${id}`)).stdout).toContain('payload if approved: sha256:');
  const decided = await zekt(`approvals decide ${id} reject --comment no`);
  expect(decided).toMatchObject({ code: 0, stderr: '' });
  expect(decided.stdout).toMatch(/rejected by operator \(operator\) by management at .*: no/);
  expect(await zekt(`approvals decide ${id} approve`)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^zekt: Already rejected by operator at .* UTC; your approval was not recorded\.\n$/),
  });
  expect((await zekt(`approvals decide ${id} reject`)).stdout).toContain(': rejected');
  const other = await ask();
  expect((await zekt(`approvals cancel ${other}`)).stdout).toContain(': cancelled');
  expect(await zekt(`approvals decide ${other} approve`)).toMatchObject({
    code: 1,
    stderr: 'zekt: This approval request has expired.\n',
  });
  expect(await zekt('approvals show apr_0')).toMatchObject({
    code: 1,
    stderr: "zekt: There is no approval 'apr_0'.\n",
  });
});

test('evidence holds, with the keys of the server or of a file; altered, or of another server, it does not', async () => {
  const id = await ask();
  await zekt(`approvals decide ${id} approve --comment fine`);
  const { stdout: jws } = await zekt(`approvals evidence ${id}`);
  const file = join(directory, 'evidence.jws');
  const keys = join(directory, 'keys.json');
  await writeFile(file, jws);
  await writeFile(keys, JSON.stringify(await world.client('getEvidenceKeys')));
  const verified = await zekt(`approvals verify ${file} --json`);
  expect(verified).toMatchObject({ code: 0, stderr: '' });
  const record = JSON.parse(verified.stdout) as ApprovalRecord;
  expect(record).toMatchObject({
    iss: world.zekt.url,
    approval: { id, state: 'approved', decision: { comment: 'fine', actor: { provider: 'operator' } } },
  });
  expect(record.audit.map(({ what }) => what)).toEqual(['requested', 'voted', 'claimed', 'answered', 'decided']);
  expect(record.audit.find(({ what }) => what === 'answered')?.githubStatus).toBe(204);
  // No link that anybody could follow.
  expect(verified.stdout).not.toContain('?t=');

  expect((await runZekt(['approvals', 'verify', file, '--keys', keys], {})).stdout).toContain('The signature holds');
  const [head = '', claims = '', signature = ''] = jws.trim().split('.');
  const forged = Buffer.from(claims, 'base64url').toString('utf8').replace('"approved"', '"rejected"');
  await writeFile(file, `${head}.${Buffer.from(forged).toString('base64url')}.${signature}`);
  expect(await zekt(`approvals verify ${file}`)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('This is no evidence of that server'),
  });
  const stranger = await openFixture();
  await writeFile(file, jws);
  await writeFile(keys, JSON.stringify(await stranger.client('getEvidenceKeys')));
  await stranger.stop();
  expect((await zekt(`approvals verify ${file} --keys ${keys}`)).code).toBe(1);
});

test('secrets are kept from standard input, listed by name, never shown, and removed', async () => {
  expect(await zekt('secrets set flow-url', 'https://flow.example/?sig=canary\n')).toMatchObject({
    code: 0,
    stdout: 'secret flow-url: kept\n',
  });
  expect((await zekt('secrets')).stdout).toBe('flow-url\n');
  expect((await zekt('secrets --json')).stdout).not.toContain('canary');
  expect(world.logged.join('\n')).not.toContain('canary');
  expect((await zekt('secrets set empty')).code).toBe(2);
  expect((await zekt('secrets set Not_A_Name', 'x')).stderr).toContain('lower-case letters, digits and inner hyphens');
  expect((await zekt('secrets remove flow-url')).stdout).toBe('secret flow-url: removed\n');
  expect((await zekt('secrets')).stdout).toBe('\n');
});

test('channels are applied, printed and removed', async () => {
  const yaml = `apiVersion: zekt.dev/v1
kind: Channel
metadata: { name: releases }
spec: { type: workflows, urlSecret: flow-url, repositories: [acme/requests] }
`;
  expect((await zekt('apply -f -', yaml)).stdout).toBe('Channel releases: created\n');
  expect((await zekt('apply -f -', yaml)).stdout).toBe('Channel releases: unchanged\n');
  expect((await zekt('get channels')).stdout).toContain('urlSecret: flow-url');
  expect((await zekt('delete channel releases')).stdout).toBe('channel releases: removed\n');
  expect(await zekt('delete channel releases')).toMatchObject({ code: 1 });
});

test('identities are applied by login or id, printed as they can be applied again, and removed', async () => {
  world.github.world.user('mona');
  const yaml = `apiVersion: zekt.dev/v1
kind: Identity
metadata: { name: mona }
spec:
  github: { login: mona }
  repository: acme/requests
  entra: { tenant: A4C1E8D2-6b7f-4e09-9c35-1f2e3d4c5b6a, objectId: 7d3f1c2e-5b6a-4c8d-9e0f-1a2b3c4d5e6f }
`;
  expect((await zekt('apply -f -', yaml)).stdout).toBe('Identity mona: created\n');
  const { stdout } = await zekt('get identities');
  expect(stdout).toContain('login: mona');
  expect(stdout).toContain('by: operator');
  expect((await zekt('apply -f -', stdout)).stdout).toBe('Identity mona: unchanged\n');
  expect(await zekt('apply -f -', yaml.replace('  repository: acme/requests\n', ''))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("Identity mona: give 'spec.github.id'"),
  });
  expect(await zekt('apply -f -', yaml.replace('name: mona', 'name: double'))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is linked to another account of the tenant'),
  });
  expect((await zekt('delete identity mona')).stdout).toBe('identity mona: removed\n');
  expect(await zekt('delete identity mona')).toMatchObject({ code: 1 });
});
