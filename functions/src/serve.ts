import type { Cookie, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { answerUnopened } from '@zekt/api';
import { SettingsError } from '@zekt/host';
import type { AppOpener } from './app.ts';
import { opened } from './cannot-start.ts';
import { toWebRequest } from './to-web-request.ts';

/** The web's Request in, and the host's answer out. An app that can't be opened says so. */
export type Serve = (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>;

export const serverOf =
  ({ openApp }: Pick<AppOpener, 'openApp'>): Serve =>
  async (request, context) => {
    const answer = await opened(openApp, context).then(
      (app) => app.answer,
      (error: unknown) => (unserved: Request) =>
        answerUnopened(unserved, error instanceof SettingsError ? error.settings : []),
    );
    const response = await answer(toWebRequest(request, context.traceContext?.traceParent));
    return {
      status: response.status,
      headers: Object.fromEntries([...response.headers].filter(([name]) => name !== 'set-cookie')),
      cookies: response.headers.getSetCookie().map(toCookie),
      body: new Uint8Array(await response.arrayBuffer()),
    };
  };

/** The host takes cookies as a list of their own: several don't fit into one header. Ours always say all of this. */
function toCookie(header: string): Cookie {
  const [pair = '', ...attributes] = header.split('; ');
  const equals = pair.indexOf('=');
  const maxAge = attributes.find((it) => it.startsWith('Max-Age='))?.slice('Max-Age='.length);
  return {
    name: pair.slice(0, equals),
    value: pair.slice(equals + 1),
    path: '/',
    maxAge: Number(maxAge ?? 0),
    httpOnly: true,
    sameSite: 'Lax',
    secure: attributes.includes('Secure'),
  };
}
