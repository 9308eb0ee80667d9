import { createSocket, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns';
import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect, createServer as createTcp, type AddressInfo, type Server as TcpServer } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decode, encode } from 'dns-packet';
import { Server as ProxyServer } from 'proxy-chain';
import { readExceptions } from './address-guard.ts';
import { createAuthority, type Authority, type Certificate } from './testing/certificates.ts';
import { AddressGuard, ForbiddenAddressError, type Lookup } from './guarded-connector.ts';
import { createTransport, type Route, type Transport } from './transport.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly client: string | null;
}

let authority: Authority;
let stranger: Authority;
let server: Certificate;
let client: Certificate;
let http: Server;
let https: Server;
let picky: Server;
const seen: Seen[] = [];

/** Closed at the end, whatever a test came to: one that is left open keeps the process from ending. */
const listening: TcpServer[] = [];

const portOf = (it: { address(): unknown }): number => (it.address() as AddressInfo).port;
async function listen<T extends TcpServer>(it: T, host = '127.0.0.1'): Promise<T> {
  await new Promise<void>((resolve) => it.listen(0, host, resolve));
  listening.push(it);
  return it;
}

function take(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const socket = request.socket as Partial<TLSSocket>;
    const subject = socket.getPeerCertificate?.().subject as { CN?: string } | undefined;
    seen.push({
      method: request.method ?? '',
      url: request.url ?? '',
      body: Buffer.concat(chunks).toString('utf8'),
      client: subject?.CN ?? null,
    });
    response.writeHead(200).end('taken');
  });
}

beforeAll(async () => {
  authority = await createAuthority('Zekt tests');
  stranger = await createAuthority('Somebody else');
  server = await authority.issue('hook.test');
  client = await authority.issue('zekt');
  http = await listen(createHttp(take));
  https = await listen(createHttps(server, take));
  picky = await listen(createHttps({ ...server, ca: authority.ca, requestCert: true, rejectUnauthorized: true }, take));
});
afterAll(() => {
  for (const it of listening) {
    if ('closeAllConnections' in it) (it as Server).closeAllConnections();
    it.close();
  }
});
beforeEach(() => {
  seen.length = 0;
});

const here = readExceptions(['127.0.0.1', 'localhost']);
const nobody = readExceptions([]);
/** `hook.test` is this machine. */
const hookIsHere: Lookup = (_, __, done) => done(null, [{ address: '127.0.0.1', family: 4 }]);
const open: Transport = createTransport(here, hookIsHere);

const post = (send: Transport, url: string, route: Partial<Route> = {}) =>
  send(
    { method: 'POST', url, headers: [['Content-Type', 'text/plain']], body: 'hello' },
    { timeoutMs: 3000, ...route },
  );
const hook = (): string => `https://hook.test:${portOf(https)}/a?b=c`;
const taken: Partial<Seen> = { method: 'POST', url: '/a?b=c', body: 'hello' };

describe('certificates', () => {
  test('one of a given authority is taken', async () => {
    expect(await post(open, hook(), { tls: { ca: authority.ca } })).toMatchObject({ status: 200, text: 'taken' });
    expect(seen).toMatchObject([taken]);
  });

  test('a given authority replaces those of the system, and nothing switches the check off', async () => {
    await expect(post(open, hook())).rejects.toThrow(/^the request failed \(.*(CERT|SIGNATURE|ISSUER).*\)$/);
    await expect(post(open, hook(), { tls: { ca: stranger.ca } })).rejects.toThrow(/^the request failed/);
    const other = `https://other.test:${portOf(https)}/`;
    await expect(post(open, other, { tls: { ca: authority.ca } })).rejects.toThrow('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(seen).toEqual([]);
  });

  test('a client certificate is shown to who asks for one', async () => {
    const url = `https://hook.test:${portOf(picky)}/a?b=c`;
    await post(open, url, { tls: { ca: authority.ca, ...client } });
    expect(seen).toMatchObject([{ ...taken, client: 'zekt' }]);
    await expect(post(open, url, { tls: { ca: authority.ca } })).rejects.toThrow(/^the request failed/);
    expect(seen).toHaveLength(1);
  });
});

describe('proxies', () => {
  const credentials = { username: 'zekt', password: 'pass word' };
  let proxy: ProxyServer;
  let asked: string[] = [];

  beforeEach(async () => {
    asked = [];
    proxy = new ProxyServer({
      port: 0,
      host: '127.0.0.1',
      prepareRequestFunction: ({ request, username, password, isHttp }) => {
        asked.push(`${isHttp ? 'plain' : 'tunnel'} ${request.method ?? ''} ${username}:${password}`);
        return { requestAuthentication: username !== credentials.username || password !== credentials.password };
      },
    });
    await proxy.listen();
  });
  afterEach(async () => {
    await proxy.close(true);
  });

  test('what is encrypted goes through a tunnel', async () => {
    const route = { proxy: { url: `http://127.0.0.1:${proxy.port}`, ...credentials }, tls: { ca: authority.ca } };
    // The proxy looks names up by itself.
    await post(open, `https://127.0.0.1:${portOf(https)}/a?b=c`, route);
    expect(seen).toMatchObject([taken]);
    expect(asked).toEqual(['tunnel CONNECT zekt:pass word']);
  });

  test('what is plain is handed to it', async () => {
    const url = `http://zekt:${encodeURIComponent(credentials.password)}@127.0.0.1:${proxy.port}`;
    await post(open, `http://127.0.0.1:${portOf(http)}/a?b=c`, { proxy: { url } });
    expect(seen).toMatchObject([taken]);
    expect(asked).toEqual(['plain POST zekt:pass word']);
  });

  test('its refusal is told, without its address', async () => {
    const proxyRoute = { proxy: { url: `http://zekt:canary@127.0.0.1:${proxy.port}` }, tls: { ca: authority.ca } };
    for (const url of [`https://127.0.0.1:${portOf(https)}/`, `http://127.0.0.1:${portOf(http)}/`])
      await expect(post(open, url, proxyRoute)).rejects.toThrow('the proxy answered 407');
    expect(seen).toEqual([]);
  });

  test('an encrypted proxy', async () => {
    const secure = createHttps(await authority.issue('proxy.test'));
    secure.on('connect', (request, socket) => {
      asked.push(`tunnel ${String(request.headers['proxy-authorization'])}`);
      const [, port = ''] = (request.url ?? '').split(':');
      const upstream = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket);
        socket.pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    await listen(secure);
    const url = `https://127.0.0.1:${portOf(secure)}`;
    // Whose certificates are trusted for the destination are trusted for the way to it.
    await post(open, hook(), { proxy: { url, ...credentials }, tls: { ca: authority.ca } });
    expect(seen).toMatchObject([taken]);
    expect(asked).toEqual([`tunnel Basic ${Buffer.from('zekt:pass word').toString('base64')}`]);
  });

  test('SOCKS5', async () => {
    const socks = await listen(socksProxy(asked));
    const route = { proxy: { url: `socks5://127.0.0.1:${portOf(socks)}`, username: 'u', password: 'p' } };
    await post(open, `http://127.0.0.1:${portOf(http)}/a?b=c`, route);
    expect(seen).toMatchObject([taken]);
    expect(asked).toEqual(['u:p', '127.0.0.1']);
    socks.close();
  });

  test('a private proxy is only used if the operator allows it, or named it', async () => {
    const guarded = createTransport(nobody);
    const url = `http://127.0.0.1:${proxy.port}`;
    const target = 'http://93.184.216.34/';
    await expect(post(guarded, target, { proxy: { url, ...credentials } })).rejects.toThrow(ForbiddenAddressError);
    await expect(post(guarded, target, { proxy: { url: `http://localhost:${proxy.port}` } })).rejects.toThrow(
      ForbiddenAddressError,
    );
    expect(asked).toEqual([]);
    await expect(post(guarded, target, { proxy: { url, isTrusted: true } })).rejects.toThrow('the proxy answered 407');
    expect(asked).toHaveLength(1);
  });

  test('a proxy is no way to private addresses', async () => {
    const guarded = createTransport(nobody);
    const route = { proxy: { url: `http://127.0.0.1:${proxy.port}`, ...credentials, isTrusted: true } };
    for (const host of ['127.0.0.1', 'localhost', 'a.localhost', '[::1]', '169.254.169.254', '0x7f.1', '2130706433'])
      await expect(post(guarded, `http://${host}:${portOf(http)}/`, route)).rejects.toThrow(ForbiddenAddressError);
    expect([asked, seen]).toEqual([[], []]);
  });
});

/** "SOCKS Protocol Version 5", RFC 1928, with user name and password (RFC 1929): enough for one connection. */
function socksProxy(asked: string[]): TcpServer {
  return createTcp((socket) => {
    socket.once('data', () => {
      socket.write(Buffer.from([5, 2]));
      socket.once('data', (auth) => {
        const userEnd = 2 + (auth[1] ?? 0);
        asked.push(`${auth.subarray(2, userEnd).toString()}:${auth.subarray(userEnd + 1).toString()}`);
        socket.write(Buffer.from([1, 0]));
        socket.once('data', (request) => {
          const isName = request[3] === 3;
          const end = isName ? 5 + (request[4] ?? 0) : 8;
          const host = isName ? request.subarray(5, end).toString() : [...request.subarray(4, 8)].join('.');
          asked.push(host);
          const upstream = connect(request.readUInt16BE(end), host, () => {
            socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
            socket.pipe(upstream);
            upstream.pipe(socket);
          });
        });
      });
    });
  });
}

describe('names that lie', () => {
  let dns: Socket;
  let answers: string[][] = [];
  let guarded: Transport;
  let lookup: Lookup;
  let elsewhere: Server;

  beforeAll(async () => {
    elsewhere = await listen(createHttp(take), '127.0.0.2');
    dns = createSocket('udp4', (message, from) => {
      const query = decode(message);
      const addresses = answers.length > 1 ? answers.shift() : answers[0];
      const reply = encode({
        type: 'response',
        id: query.id ?? 0,
        questions: query.questions ?? [],
        answers: (addresses ?? []).map((data) => ({
          type: 'A' as const,
          name: query.questions?.[0]?.name ?? '',
          ttl: 0,
          data,
        })),
      });
      dns.send(reply, from.port, from.address);
    });
    await new Promise<void>((resolve) => dns.bind(0, '127.0.0.1', resolve));
    const resolver = new Resolver();
    resolver.setServers([`127.0.0.1:${dns.address().port}`]);
    lookup = (host, _, done) =>
      resolver.resolve4(host, (error, addresses) =>
        done(error, error ? [] : addresses.map((address) => ({ address, family: 4 }))),
      );
    guarded = createTransport(readExceptions(['127.0.0.2']), lookup);
  });
  afterAll(() => {
    dns.close();
  });

  test.each([
    '127.0.0.1',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '168.63.129.16',
    '0.0.0.0',
  ])('a name that leads to %s is not dialled', async (address) => {
    answers = [[address]];
    await expect(post(guarded, `http://evil.test:${portOf(http)}/`)).rejects.toThrow(
      "the host 'evil.test' is a private or reserved address",
    );
    expect(seen).toEqual([]);
  });

  test('a name that changes its mind between the check and the call gains nothing', async () => {
    answers = [['93.184.216.34'], ['127.0.0.1']];
    const guard = new AddressGuard(nobody, lookup);
    expect(await guard.resolve('rebind.test')).toBe('93.184.216.34');
    await expect(post(guarded, `http://rebind.test:${portOf(http)}/`)).rejects.toThrow(ForbiddenAddressError);
    expect(seen).toEqual([]);
  });

  test('of several addresses only those are dialled that may be', async () => {
    answers = [['127.0.0.1', '127.0.0.2']];
    await post(guarded, `http://both.test:${portOf(elsewhere)}/a?b=c`);
    expect(seen).toMatchObject([taken]);
  });

  test('a name that nobody knows', async () => {
    answers = [[]];
    await expect(post(guarded, 'http://nowhere.test/')).rejects.toThrow('the request failed (ENODATA)');
  });
});

describe('hosts that are addresses in disguise', () => {
  const guarded = createTransport(nobody);
  test.each([
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '2130706433',
    '017700000001',
    '0177.0.0.1',
    '0x7f000001',
    '0x7f.0.0.1',
    '0x7f.1',
    '0',
    '0.0.0.0',
    '127.0.0.1.',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[2001:0:4136:e378:8000:63bf:80ff:fffe]',
    '[fe80::1]',
    '[fd00::1]',
    '[fec0::1]',
    '[ff02::1]',
    '[2001:db8::1]',
    '169.254.169.254',
    '0xa9fea9fe',
    '2852039166',
    '0251.0376.0251.0376',
    '[::ffff:169.254.169.254]',
    '[fd00:ec2::254]',
    '168.63.129.16',
    '2822734096',
    '10.0.0.1',
    '167772161',
    '192.168.1.1',
    '172.31.255.255',
    '100.100.100.200',
    '192.0.0.192',
    'localhost',
    'LOCALHOST',
    '１２７.０.０.１',
    '①②⑦.⓪.⓪.①',
  ])('%s', async (host) => {
    const error = await post(guarded, `http://${host}:${portOf(http)}/`).catch((it: unknown) => it);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toMatch(/private or reserved address/);
    expect(seen).toEqual([]);
  });

  test.each(['ftp://127.0.0.1/', 'file:///etc/passwd', 'gopher://127.0.0.1/', '/relative', ''])(
    '%p is no address to send to',
    async (url) => {
      await expect(post(guarded, url)).rejects.toThrow('the address must be an http or https URL');
    },
  );
});

describe('what is not followed, and not waited for', () => {
  test('redirects lead nowhere, whatever their number', async () => {
    const redirecting = await listen(
      createHttp((request, response) => {
        seen.push({ method: request.method ?? '', url: request.url ?? '', body: '', client: null });
        response
          .writeHead(Number(request.url?.slice(1)), { location: `http://127.0.0.1:${portOf(http)}/private` })
          .end();
      }),
    );
    for (const status of [301, 302, 303, 307, 308])
      expect((await post(open, `http://127.0.0.1:${portOf(redirecting)}/${status}`)).status).toBe(status);
    expect(seen.map(({ url }) => url)).not.toContain('/private');
  });

  test('a body without end is cut', async () => {
    const endless = await listen(
      createHttp((_, response) => {
        response.on('error', () => undefined);
        const write = (): void => {
          if (!response.destroyed && response.write('x'.repeat(10_000))) setImmediate(write);
        };
        response.on('drain', write);
        write();
      }),
    );
    const answer = await post(open, `http://127.0.0.1:${portOf(endless)}/`);
    expect(answer.text).toHaveLength(65_536);
    expect(answer.cut).toBe('tooLong');
  });

  test('an answer is read as far as was asked for, and an error no further than ever', async () => {
    const long = await listen(
      createHttp((request, response) => {
        response.writeHead(Number(request.url?.slice(1))).end('x'.repeat(100_000));
      }),
    );
    const get = (status: number, mostAnswerBytes: number) =>
      open(
        { method: 'GET', url: `http://127.0.0.1:${portOf(long)}/${status}`, headers: [], body: null, mostAnswerBytes },
        { timeoutMs: 3000 },
      );
    expect(await get(200, 100_000)).toMatchObject({ text: 'x'.repeat(100_000) });
    expect(await get(200, 100_000)).not.toHaveProperty('cut');
    expect((await get(200, 99_999)).cut).toBe('tooLong');
    expect((await get(500, 100_000)).cut).toBe('tooLong');
  });

  test('a server that says nothing is given up in time', async () => {
    const silent = await listen(createHttp(() => undefined));
    await expect(post(open, `http://127.0.0.1:${portOf(silent)}/`, { timeoutMs: 100 })).rejects.toThrow(
      'no answer within 0.1 s',
    );
  });

  test('a status is an answer, whatever becomes of the body behind it', async () => {
    const ill = await listen(
      createHttp((request, response) => {
        response.writeHead(202, { 'content-length': '1000' });
        response.write('begun', () => {
          if (request.url === '/broken') response.destroy();
        });
      }),
    );
    const url = `http://127.0.0.1:${portOf(ill)}`;
    expect(await post(open, `${url}/broken`)).toMatchObject({ status: 202, text: 'begun', cut: 'brokenOff' });
    expect(await post(open, `${url}/drip`, { timeoutMs: 300 })).toMatchObject({
      status: 202,
      text: 'begun',
      cut: 'tooSlow',
    });
  });
});
