import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface IdentityDoubleOptions {
  /** Milliseconds since the epoch. @default the system's */
  readonly now?: () => number;
  /** For how long a token is good, in milliseconds. @default 24 hours, as Azure's are */
  readonly lifetimeMs?: number;
}

/** What a token says, or why it is not taken. */
export type Verified = { readonly expiresAt: number } | { readonly refused: 'expired' | 'invalid' };

interface Claims {
  readonly aud: string;
  /** In seconds. */
  readonly exp: number;
  readonly appid: string;
}

const apiVersion = '2019-08-01';
const dayMs = 86_400_000;
/** One for all, as Entra has: a client may still hold a token that another double of this process gave out. */
const secret = randomBytes(32);
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * Entra as a function app meets it: the local endpoint that gives out tokens of the app's managed identity ("How to use managed identities
 * for App Service and Azure Functions": REST endpoint reference), and the check of such a token that the services make.
 */
export class IdentityDouble {
  /** Milliseconds since the epoch. */
  now: () => number = Date.now;
  /** Tokens given out. */
  issued = 0;
  /** Asked before each token: true refuses it, as the endpoint does for a while after a role or an identity has changed. */
  isAway: () => boolean = () => false;
  /** Of the next tokens, in milliseconds. */
  lifetimeMs = dayMs;
  readonly #header = randomBytes(16).toString('hex');
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://double');
      const resource = searchParams.get('resource');
      const isGood =
        request.headers['x-identity-header'] === this.#header && searchParams.get('api-version') === apiVersion;
      if (!isGood || resource === null || this.isAway()) {
        response.writeHead(isGood ? 503 : 400, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ statusCode: 400, message: 'The double has no token for this request.' }));
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(this.#issue(resource, searchParams.get('client_id') ?? 'system')));
    });
  }

  /**
   * The one of this process, which is asked for as long as the process lives: MSAL remembers for good where it has found it. It keeps
   * nothing alive.
   */
  static async ofProcess({ now = Date.now, lifetimeMs = dayMs }: IdentityDoubleOptions = {}): Promise<IdentityDouble> {
    starting ??= IdentityDouble.#start();
    const double = await starting;
    Object.assign(double, { now, lifetimeMs, issued: 0, isAway: () => false });
    return double;
  }

  static async #start(): Promise<IdentityDouble> {
    const double = new IdentityDouble();
    await new Promise<void>((resolve) => double.#server.listen(0, '127.0.0.1', resolve));
    double.#server.unref();
    return double;
  }

  /** What the host gives to its app. */
  get environment(): { readonly IDENTITY_ENDPOINT: string; readonly IDENTITY_HEADER: string } {
    const { port } = this.#server.address() as AddressInfo;
    return { IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`, IDENTITY_HEADER: this.#header };
  }

  /** @param audience whose token it must be, without a slash at the end */
  verify(token: string, audience: string): Verified {
    const [head = '', body = '', signature = ''] = token.split('.');
    const expected = this.#sign(`${head}.${body}`);
    const given = Buffer.from(signature, 'base64url');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { refused: 'invalid' };
    const { aud, exp } = JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims;
    if (aud.replace(/\/$/, '') !== audience) return { refused: 'invalid' };
    return exp * 1000 > this.now() ? { expiresAt: exp * 1000 } : { refused: 'expired' };
  }

  #issue(resource: string, clientId: string): object {
    this.issued += 1;
    const exp = Math.floor((this.now() + this.lifetimeMs) / 1000);
    const claims: Claims = { aud: resource, exp, appid: clientId };
    const unsigned = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode({ ...claims, jti: this.issued })}`;
    return {
      access_token: `${unsigned}.${this.#sign(unsigned).toString('base64url')}`,
      expires_on: String(exp),
      resource,
      token_type: 'Bearer',
      client_id: clientId,
    };
  }

  #sign(text: string): Buffer {
    return createHmac('sha256', secret).update(text).digest();
  }
}

let starting: Promise<IdentityDouble> | null = null;
