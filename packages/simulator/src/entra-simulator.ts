import { Hono } from 'hono';
import { exportJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import { AuthorizationCodes, type OAuthClient } from './authorization-codes.ts';
import { serveOnLoopback, type LoopbackServer } from './loopback-server.ts';
import { signInPage } from './sign-in-page.ts';
import { makeSigningKey, type SigningKeyPair } from './signing-key-pair.ts';

/** A person in a tenant. */
export interface EntraUser {
  readonly objectId: string;
  readonly tenant: string;
  readonly name: string;
  readonly groups: readonly string[];
}

export interface EntraOptions {
  /** What its first tokens are signed with. @default a new one */
  readonly key?: SigningKeyPair;
}

export interface CardTokenOptions {
  readonly audience: string;
  /** Of the token's format. `legacy`: of the retired issuer of Outlook and Teams. @default 2 */
  readonly version?: 1 | 2 | 'legacy';
  /** Replace claims; undefined removes one. */
  readonly changes?: Readonly<Record<string, unknown>>;
}

interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** Microsoft's application that sends the clicks of actionable messages. */
const actionableMessages = '48af08dc-f6d2-435f-b2a7-069abd99c086';

/** Microsoft's issuers on loopback: Entra ID (sign-in, tokens of version 1 and 2), the retired one of Outlook, and the Bot Connector. */
export class EntraSimulator {
  readonly url: string;
  readonly client: OAuthClient = { id: '2c9d8c2e-0f6b-4c55-9d3b-1f5b7f0f7a11', secret: 'entra-client-secret' };
  readonly users: EntraUser[] = [];
  /** Waited before each answer (ms). */
  slowMs = 0;
  readonly #server: LoopbackServer;
  #keys: SigningKey[] = [];

  private constructor(server: LoopbackServer) {
    this.#server = server;
    this.url = server.url;
  }

  static async start({ key }: EntraOptions = {}): Promise<EntraSimulator> {
    let simulator: EntraSimulator | null = null;
    const server = await serveOnLoopback((url) => routes(url, () => simulator));
    simulator = new EntraSimulator(server);
    await simulator.rotate({ ...(key && { key }) });
    return simulator;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  get legacyIssuer(): string {
    return `${this.url}/substrate/sts/`;
  }

  get botIssuer(): string {
    return `${this.url}/botframework`;
  }

  /** Another signing key, by default a new one; the one before stays published unless `forget`. */
  async rotate({ forget = false, key }: EntraOptions & { readonly forget?: boolean } = {}): Promise<void> {
    const { privateKey, publicKey } = key ?? (await makeSigningKey());
    const kid = `entra-${this.#keys.length + 1}-${Date.now()}`;
    const publicJwk = { ...(await exportJWK(publicKey)), kid, use: 'sig' };
    this.#keys = [{ kid, privateKey, publicJwk }, ...(forget ? [] : this.#keys)];
  }

  addUser(name: string, tenant: string, groups: readonly string[] = []): EntraUser {
    const user = { objectId: crypto.randomUUID(), tenant, name, groups };
    this.users.push(user);
    return user;
  }

  jwks(): object {
    return { keys: this.#keys.map(({ publicJwk }) => publicJwk) };
  }

  /** The token that Microsoft sends with a click of this person. */
  cardToken(user: EntraUser, { audience, version = 2, changes = {} }: CardTokenOptions): Promise<string> {
    const issuers = {
      1: `https://sts.windows.net/${user.tenant}/`,
      2: `${this.url}/${user.tenant}/v2.0`,
      legacy: this.legacyIssuer,
    };
    const who = version === 'legacy' ? { sub: user.objectId } : { sub: 'pairwise', oid: user.objectId };
    const app = version === 2 ? { azp: actionableMessages } : { appid: actionableMessages };
    return this.sign({ iss: issuers[version], aud: audience, tid: user.tenant, ...who, ...app, ...changes });
  }

  /** The token that the Bot Connector sends along with an activity. */
  botToken(appId: string, serviceUrl: string): Promise<string> {
    return this.sign({ iss: this.botIssuer, aud: appId, serviceurl: serviceUrl });
  }

  /** The token of a sign-in. */
  idToken(user: EntraUser, nonce: string | null, changes: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return this.sign({
      iss: `${this.url}/${user.tenant}/v2.0`,
      aud: this.client.id,
      sub: 'pairwise',
      oid: user.objectId,
      tid: user.tenant,
      name: user.name,
      preferred_username: user.name,
      nonce,
      ...(user.groups.length > 0 && { groups: user.groups }),
      ...changes,
    });
  }

  /** Signs claims, with times of an hour unless they say otherwise. */
  sign(claims: Readonly<Record<string, unknown>>): Promise<string> {
    const [key] = this.#keys;
    if (!key) throw new Error('there is no key yet: call rotate() first');
    const now = Math.floor(Date.now() / 1000);
    const all: Record<string, unknown> = { iat: now, nbf: now, exp: now + 3600, ...claims };
    const present = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    return new SignJWT(present).setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: key.kid }).sign(key.privateKey);
  }
}

function routes(url: string, simulator: () => EntraSimulator | null): Hono {
  const app = new Hono();
  const codes = new AuthorizationCodes<EntraUser>();
  const queryOf = (address: string): URLSearchParams => new URL(address).searchParams;
  app.use(async (_, next) => {
    await new Promise((resolve) => setTimeout(resolve, simulator()?.slowMs ?? 0));
    await next();
  });
  const discovery = (issuer: string): object => ({
    issuer,
    jwks_uri: `${url}/keys`,
    id_token_signing_alg_values_supported: ['RS256'],
  });
  app.get('/keys', (context) => context.json(simulator()?.jwks() ?? {}));
  app.get('/substrate/sts/common/.well-known/openid-configuration', (context) =>
    context.json(discovery(`${url}/substrate/sts/`)),
  );
  app.get('/botframework/.well-known/openidconfiguration', (context) => context.json(discovery(`${url}/botframework`)));
  app.get('/:tenant/v2.0/.well-known/openid-configuration', (context) =>
    context.json(discovery(`${url}/${context.req.param('tenant')}/v2.0`)),
  );
  app.get('/:tenant/oauth2/v2.0/authorize', (context) => {
    const names = simulator()?.users.map(({ name }) => name) ?? [];
    return context.html(
      signInPage('Sign in to Microsoft', `/${context.req.param('tenant')}/as`, queryOf(context.req.url), names),
    );
  });
  app.get('/:tenant/as', (context) => {
    const query = queryOf(context.req.url);
    const user = simulator()?.users.find(({ name }) => name === query.get('as'));
    return user ? context.redirect(codes.grant(query, user), 302) : context.text('no such person', 404);
  });
  app.post('/:tenant/oauth2/v2.0/token', async (context) => {
    const current = simulator();
    const form = new URLSearchParams(await context.req.text());
    const redeemed = current && codes.redeem(form, current.client);
    if (!redeemed) return context.json({ error: 'invalid_grant', error_description: 'AADSTS70000' }, 400);
    const idToken = await current.idToken(redeemed.person, redeemed.nonce);
    return context.json({ token_type: 'Bearer', expires_in: 3599, access_token: 'opaque', id_token: idToken });
  });
  return app;
}
