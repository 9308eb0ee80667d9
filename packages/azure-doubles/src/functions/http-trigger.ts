import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Registration, RpcCookie, RpcHttpAnswer, Worker } from './worker.ts';

interface HttpFunction {
  readonly name: string;
  readonly methods: readonly string[];
  readonly pattern: RegExp;
  /** More literal characters are more precise: `{*path}` comes last. */
  readonly precision: number;
}

/** Routes as ASP.NET knows them: `{name}` is a segment, `{*name}` the rest. */
function toHttpFunction({ name, bindings }: Registration): HttpFunction | null {
  const trigger = Object.values(bindings).find(({ type }) => type === 'httpTrigger');
  if (!trigger) return null;
  const route = typeof trigger.route === 'string' ? trigger.route : name;
  const pattern = route
    .split('/')
    .map((segment) => {
      const parameter = /^\{(\*?)(\w+)\}$/.exec(segment);
      if (!parameter) return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return parameter[1] === '*' ? `(?<${parameter[2] ?? ''}>.*)` : `(?<${parameter[2] ?? ''}>[^/]+)`;
    })
    .join('/');
  return {
    name,
    methods: (trigger.methods as string[]).map((method) => method.toUpperCase()),
    pattern: new RegExp(`^/${pattern}$`, 'i'),
    precision: route.replace(/\{[^}]*\}/g, '').length + (route.includes('{*') ? 0 : 1),
  };
}

/** The host's front: finds the function of a route and passes on bytes. */
export function serveHttp(worker: Worker, admin: (name: string) => Promise<void>): Server {
  const functions = worker.registrations
    .map(toHttpFunction)
    .filter((it) => it !== null)
    .sort((a, b) => b.precision - a.precision);
  return createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`);
    const body = await readBody(request);
    const managed = /^\/admin\/functions\/(\w+)$/.exec(url.pathname);
    if (managed) {
      await admin(managed[1] ?? '');
      response.writeHead(202).end();
      return;
    }
    const method = request.method ?? 'GET';
    const found = functions.find(({ methods, pattern }) => methods.includes(method) && pattern.test(url.pathname));
    if (!found) {
      response.writeHead(404).end();
      return;
    }
    const result = await worker.invoke(found.name, {
      http: {
        url: url.href,
        method,
        headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
        query: Object.fromEntries(
          [...new Set(url.searchParams.keys())].map((key) => [key, url.searchParams.getAll(key).join(',')]),
        ),
        params: { ...found.pattern.exec(url.pathname)?.groups },
        ...(body.length > 0 && { body: { bytes: body } }),
      },
    });
    send(response, result);
  }
}

/** Without streaming the host reads a body only if its length was announced: a chunked one is lost (azure-functions-host #4926). */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Number(request.headers['content-length'] ?? 0) > 0 ? Buffer.concat(chunks) : Buffer.alloc(0);
}

/** Cookies travel from the worker to the host as a list of their own: one header can't hold several. */
function cookieHeader({ name, value, path, maxAge, httpOnly, secure, sameSite }: RpcCookie): string {
  return [
    `${name}=${value}`,
    ...(path ? [`Path=${path.value}`] : []),
    ...(maxAge ? [`Max-Age=${maxAge.value}`] : []),
    ...(httpOnly?.value ? ['HttpOnly'] : []),
    ...(secure?.value ? ['Secure'] : []),
    ...(sameSite && sameSite !== 'none' ? [`SameSite=${sameSite}`] : []),
  ].join('; ');
}

function send(response: ServerResponse, result: RpcHttpAnswer | null): void {
  const { bytes, string = '' } = result?.body ?? {};
  const cookies = (result?.cookies ?? []).map(cookieHeader);
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  response.writeHead(Number(result?.statusCode ?? 204), result?.headers);
  response.end(bytes ? Buffer.from(bytes) : string);
}
