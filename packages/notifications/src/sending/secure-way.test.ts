import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ProviderSpec } from '@zekt/contracts';
import type { Secrets } from '@zekt/core';
import { AddressGuard, createTransport, readExceptions } from '@zekt/egress';
import { createAuthority } from '@zekt/egress/testing';
import { Server as ProxyServer } from 'proxy-chain';
import { canonical, info } from '../testing/play.ts';
import { resolveProvider } from './resolve-config.ts';
import { sendEvent } from './send-event.ts';

// From the secrets of a provider to a server that asks for a client certificate, behind a proxy that asks for a password.

let server: Server;
let proxy: ProxyServer;
const values = new Map<string, object>();
const arrived: { body: string; client: string }[] = [];
const asked: string[] = [];
let said = { status: 200, text: 'taken' };

beforeAll(async () => {
  const authority = await createAuthority('Zekt tests');
  const { cert, key } = await authority.issue('localhost');
  server = createServer(
    { cert, key, ca: authority.ca, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const certificate = (request.socket as Partial<TLSSocket>).getPeerCertificate?.();
        arrived.push({ body, client: String(certificate?.subject.CN) });
        response.writeHead(said.status).end(said.text);
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = new ProxyServer({
    port: 0,
    host: '127.0.0.1',
    prepareRequestFunction: ({ username, password, isHttp }) => {
      asked.push(`${isHttp ? 'plain' : 'tunnel'} ${username}:${password}`);
      return { requestAuthentication: password !== 'canary-proxy' };
    },
  });
  await proxy.listen();
  const client = await authority.issue('zekt');
  values.set('cert', { 'ca.crt': authority.ca, 'tls.crt': client.cert, 'tls.key': client.key });
  values.set('proxy', { address: `http://127.0.0.1:${proxy.port}`, username: 'zekt', password: 'canary-proxy' });
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await proxy.close(true);
});

const secrets: Pick<Secrets, 'get'> = {
  get: async (name) => (values.has(name) ? JSON.stringify(values.get(name)) : null),
};

async function send(changes: Partial<ProviderSpec>) {
  const { port } = server.address() as AddressInfo;
  const spec: ProviderSpec = {
    type: 'generic',
    address: `https://localhost:${port}/canary-path`,
    timeout: '5s',
    ...changes,
  };
  const remembered = { get: () => undefined, set: () => undefined };
  const resolved = await resolveProvider(
    { secrets: secrets as Secrets, remembered: () => remembered, proxyFor: () => '' },
    { namespace: 'default', name: 'it', uid: 'uid', spec },
  );
  if ('problems' in resolved) throw new Error(resolved.problems.join());
  const exceptions = readExceptions(['localhost', '127.0.0.1']);
  const tools = {
    clock: { now: Date.now },
    guard: new AddressGuard(exceptions),
    transport: createTransport(exceptions),
  };
  return sendEvent(tools, resolved, info);
}

test('directly, and through the proxy', async () => {
  const certSecretRef = { name: 'cert' };
  for (const way of [{}, { proxySecretRef: { name: 'proxy' } }]) {
    const sent = await send({ certSecretRef, ...way });
    expect(sent).toMatchObject({ verdict: { kind: 'done' }, status: 200, exchanges: [{ answer: 'taken' }] });
    expect(JSON.stringify(sent)).not.toMatch(/canary|PRIVATE KEY/);
  }
  expect(arrived).toEqual([
    { body: canonical.info, client: 'zekt' },
    { body: canonical.info, client: 'zekt' },
  ]);
  expect(asked).toEqual(['tunnel zekt:canary-proxy']);
});

test('an answer that repeats a secret is not shown, wherever it is cut', async () => {
  const certSecretRef = { name: 'cert' };
  for (const length of [270, 280, 285, 290, 295]) {
    said = { status: 500, text: `${'x'.repeat(length)}/canary-path` };
    const { verdict } = await send({ certSecretRef });
    expect(verdict).toEqual({ kind: 'again', reason: 'It answered 500: Not shown: it holds a part of a secret.' });
  }
  said = { status: 200, text: 'taken' };
  arrived.length = 2;
});

test('without what is asked for, it is tried again later, and no secret is told', async () => {
  const wrong = { name: 'wrong' };
  values.set('wrong', { address: `http://127.0.0.1:${proxy.port}`, username: 'zekt', password: 'canary-wrong' });
  for (const [changes, reason] of [
    [{}, /^the request failed \(/],
    [{ certSecretRef: { name: 'cert' }, proxySecretRef: wrong }, /^the proxy answered 407$/],
  ] as const) {
    const sent = await send(changes);
    expect(sent.verdict).toMatchObject({ kind: 'again', reason: expect.stringMatching(reason) });
    expect(JSON.stringify(sent)).not.toContain('canary');
  }
  expect(arrived).toHaveLength(2);
});
