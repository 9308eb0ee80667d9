import { createPublicKey, randomBytes } from 'node:crypto';
import { Hono, type Context } from 'hono';
import { errors, jwtVerify, type JWTVerifyOptions, type JWTVerifyResult } from 'jose';
import templates from './generated/templates.json' with { type: 'json' };
import type { AppSettings } from './app-settings.ts';
import { appJson, installationJson, repositoryJson, runJson, userJson } from './representations.ts';
import type { HookDelivery, WebhookSender } from './webhook-sender.ts';
import { fullName, type Dispatch, type Installation, type Permissions, type Repository, type World } from './world.ts';

/** An installation token: what it reaches and for how long. */
interface IssuedToken {
  readonly installation: Installation;
  readonly repositories: ReadonlySet<number>;
  readonly permissions: Permissions;
  readonly expiresAt: number;
}

export interface AppApiOptions {
  readonly world: World;
  readonly appId: string;
  /** PEM, two during a rotation; only their public halves are used, to check the App's JWTs. Looked at for each. */
  readonly privateKeys: readonly string[];
  readonly webhooks: WebhookSender;
  readonly settings: AppSettings;
  readonly onDispatch: (dispatch: Dispatch) => void;
}

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Asked for under a name that the repository no longer has. */
class Moved extends Error {
  readonly repositoryId: number;

  constructor(repositoryId: number) {
    super('moved');
    this.repositoryId = repositoryId;
  }
}

/** GitHub accepts 65,535 characters of client_payload; support has said bytes. */
const maxClientPayload = 65_535;
const tooFar = "'Expiration time' claim ('exp') is too far in the future";
const notFuture =
  "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
const tokenLifeMs = 3_600_000;

/** By whichever key the JWT is signed with. */
async function verifyWithAny(
  privateKeys: readonly string[],
  jwt: string,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  const tries = await Promise.allSettled(privateKeys.map((key) => jwtVerify(jwt, createPublicKey(key), options)));
  const good = tries.find((it) => it.status === 'fulfilled');
  if (good) return good.value;
  const reasons = tries.map((it) => (it.status === 'rejected' ? (it.reason as unknown) : null));
  throw reasons.find((it) => it instanceof errors.JWTExpired) ?? reasons[0];
}

/** GitHub's REST API as far as an App needs it, with GitHub's limits and answers. */
export function appApi(options: AppApiOptions): Hono {
  const { world, appId, webhooks, settings } = options;
  const now = (): number => Date.now() + settings.clockOffsetMs;
  const tokens = new Map<string, IssuedToken>();
  const api = new Hono();

  api.use(async (context, next) => {
    if ((context.req.header('user-agent') ?? '') === '')
      throw new Refusal(
        403,
        'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
      );
    await next();
    if (settings.clockOffsetMs !== 0) context.res.headers.set('date', new Date(now()).toUTCString());
  });
  api.onError((error, context) => {
    if (error instanceof Moved) {
      const location = `${new URL(context.req.url).origin}/repositories/${error.repositoryId}/dispatches`;
      return reply(
        context,
        301,
        { message: 'Moved Permanently', url: location, documentation_url: 'https://docs.github.com/rest' },
        { location },
      );
    }
    const status = error instanceof Refusal ? error.status : 500;
    return reply(context, status, {
      message: error.message,
      documentation_url: 'https://docs.github.com/rest',
      status: String(status),
    });
  });
  api.notFound((context) =>
    reply(context, 404, { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' }),
  );

  const bearer = (context: Context): string =>
    (context.req.header('authorization') ?? '').replace(/^(bearer|token) +/i, '');

  async function requireApp(context: Context): Promise<void> {
    try {
      const { payload } = await verifyWithAny(options.privateKeys, bearer(context), {
        algorithms: ['RS256'],
        issuer: appId,
        clockTolerance: 60,
        currentDate: new Date(now()),
      });
      const { exp = Infinity, iat = 0 } = payload;
      if (exp - iat > 660 || exp * 1000 > now() + 660_000) throw new Refusal(401, tooFar);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw new Refusal(401, error instanceof errors.JWTExpired ? notFuture : 'A JSON web token could not be decoded');
    }
  }

  function requireToken(context: Context): IssuedToken {
    const token = tokens.get(bearer(context));
    if (!token || token.expiresAt <= now() || token.installation.deleted) throw new Refusal(401, 'Bad credentials');
    if (token.installation.suspendedAt !== null) throw new Refusal(403, 'This installation has been suspended');
    return token;
  }

  /** The repository, if the token reaches it: GitHub hides what it does not. */
  function visible(context: Context, token: IssuedToken): Repository {
    const name = `${context.req.param('owner') ?? ''}/${context.req.param('repo') ?? ''}`;
    const repository = world.findRepository(name);
    if (repository && token.repositories.has(repository.id)) return repository;
    const moved = world.formerNames.get(name.toLowerCase());
    if (!repository && moved && !moved.deleted && token.repositories.has(moved.id)) throw new Moved(moved.id);
    throw new Refusal(404, 'Not Found');
  }

  const requirePermission = (token: IssuedToken, name: string, level: 'read' | 'write'): void => {
    const granted = token.permissions[name];
    if (granted !== 'write' && granted !== level) throw new Refusal(403, 'Resource not accessible by integration');
  };

  /** An installation sees the teams of its own organisation. */
  const requireMembersOf = (token: IssuedToken, org: string): void => {
    requirePermission(token, 'members', 'read');
    if (token.installation.account.login.toLowerCase() !== org.toLowerCase()) throw new Refusal(404, 'Not Found');
  };

  const findInstallation = (context: Context): Installation => {
    const found = world.installations.find(({ id, deleted }) => !deleted && String(id) === context.req.param('id'));
    if (!found) throw new Refusal(404, 'Not Found');
    return found;
  };

  api.get('/app', async (context) => {
    await requireApp(context);
    return reply(context, 200, appJson(appId, world.account('zekt-dev-org'), settings));
  });

  api.get('/app/hook/config', async (context) => {
    await requireApp(context);
    const url = settings.hook.isActive ? (settings.hook.url ?? webhooks.target?.url ?? '') : '';
    return reply(context, 200, { content_type: settings.hook.contentType, insecure_ssl: '0', secret: '********', url });
  });

  api.get('/app/installations', async (context) => {
    await requireApp(context);
    return reply(
      context,
      200,
      world.installations.filter(({ deleted }) => !deleted).map((it) => installationJson(it, appId)),
    );
  });

  api.get('/repos/:owner/:repo/installation', async (context) => {
    await requireApp(context);
    const name = `${context.req.param('owner')}/${context.req.param('repo')}`;
    const moved = world.formerNames.get(name.toLowerCase());
    const repository = world.findRepository(name) ?? (moved?.deleted ? undefined : moved);
    const installation = repository && world.installationOf(repository);
    if (!installation) throw new Refusal(404, 'Not Found');
    return reply(context, 200, installationJson(installation, appId));
  });

  api.get('/orgs/:org/installation', async (context) => {
    await requireApp(context);
    const org = context.req.param('org').toLowerCase();
    const installation = world.installations.find((it) => !it.deleted && it.account.login.toLowerCase() === org);
    if (!installation) throw new Refusal(404, 'Not Found');
    return reply(context, 200, installationJson(installation, appId));
  });

  api.get('/users/:login', (context) => {
    requireToken(context);
    const user = world.users.find(({ login }) => login.toLowerCase() === context.req.param('login').toLowerCase());
    if (!user) throw new Refusal(404, 'Not Found');
    return reply(context, 200, userJson(user));
  });

  api.get('/orgs/:org/teams/:slug/members', (context) => {
    const { org, slug } = context.req.param();
    requireMembersOf(requireToken(context), org);
    const members = world.teams.get(`${org}/${slug}`.toLowerCase());
    if (!members) throw new Refusal(404, 'Not Found');
    return reply(
      context,
      200,
      [...members].map((login) => userJson(world.user(login))),
    );
  });

  api.get('/orgs/:org/teams/:slug/memberships/:login', (context) => {
    const { org, slug, login } = context.req.param();
    requireMembersOf(requireToken(context), org);
    const members = world.teams.get(`${org}/${slug}`.toLowerCase());
    if (!members?.has(login.toLowerCase())) throw new Refusal(404, 'Not Found');
    const url = `https://api.github.com/orgs/${org}/teams/${slug}/memberships/${login}`;
    return reply(context, 200, { url, role: 'member', state: 'active' });
  });

  api.post('/app/installations/:id/access_tokens', async (context) => {
    await requireApp(context);
    const installation = findInstallation(context);
    if (installation.suspendedAt !== null) throw new Refusal(403, 'This installation has been suspended');
    const wanted = await readJson<{ repository_ids?: number[]; repositories?: string[]; permissions?: Permissions }>(
      context,
    );
    const all = [...installation.repositories].flatMap(
      (id) => world.repositories.find((it) => it.id === id && !it.deleted) ?? [],
    );
    const chosen = wanted.repository_ids
      ? wanted.repository_ids.map((id) => all.find((it) => it.id === id))
      : wanted.repositories
        ? wanted.repositories.map((name) => all.find((it) => it.name.toLowerCase() === name.toLowerCase()))
        : all;
    const repositories = chosen.filter((it) => it !== undefined);
    if (repositories.length < chosen.length) {
      throw new Refusal(
        422,
        'There is at least one repository that does not exist or is not accessible to the parent installation.',
      );
    }
    const permissions = wanted.permissions ?? installation.permissions;
    for (const [name, level] of Object.entries(permissions)) {
      const granted = installation.permissions[name];
      if (granted !== 'write' && granted !== level)
        throw new Refusal(422, 'The permissions requested are not granted to this installation.');
    }
    // The new form: several hundred characters, with dots.
    const token = `ghs_${appId}_${randomBytes(60).toString('base64url')}.${randomBytes(180).toString('base64url')}.${randomBytes(60).toString('base64url')}`;
    const expiresAt = now() + tokenLifeMs;
    tokens.set(token, {
      installation,
      repositories: new Set(repositories.map(({ id }) => id)),
      permissions,
      expiresAt,
    });
    return reply(context, 201, {
      token,
      expires_at: new Date(expiresAt).toISOString(),
      permissions,
      repository_selection: 'selected',
      repositories: repositories.map(repositoryJson),
    });
  });

  api.get('/installation/repositories', (context) => {
    const token = requireToken(context);
    const repositories = world.repositories.filter(({ id, deleted }) => !deleted && token.repositories.has(id));
    return reply(context, 200, { total_count: repositories.length, repositories: repositories.map(repositoryJson) });
  });

  api.get('/repos/:owner/:repo', (context) =>
    reply(context, 200, repositoryJson(visible(context, requireToken(context)))),
  );

  api.get('/repos/:owner/:repo/actions/runs/:id/attempts/:attempt', (context) => {
    const token = requireToken(context);
    const repository = visible(context, token);
    requirePermission(token, 'actions', 'read');
    const run = world.runs.find((it) => it.repository === repository && String(it.id) === context.req.param('id'));
    if (!run || Number(context.req.param('attempt')) > run.attempt) throw new Refusal(404, 'Not Found');
    return reply(context, 200, runJson(run));
  });

  api.post('/repos/:owner/:repo/dispatches', async (context) => {
    const token = requireToken(context);
    return takeDispatch(context, token, visible(context, token));
  });

  api.post('/repositories/:id/dispatches', async (context) => {
    const token = requireToken(context);
    const repository = world.repositories.find(
      (it) => !it.deleted && String(it.id) === context.req.param('id') && token.repositories.has(it.id),
    );
    if (!repository) throw new Refusal(404, 'Not Found');
    return takeDispatch(context, token, repository);
  });

  async function takeDispatch(context: Context, token: IssuedToken, repository: Repository): Promise<Response> {
    requirePermission(token, 'contents', 'write');
    if (repository.archived) throw new Refusal(403, 'Repository was archived so is read-only.');
    const { event_type: eventType, client_payload: clientPayload = {} } = await readJson<{
      event_type?: unknown;
      client_payload?: unknown;
    }>(context);
    if (typeof eventType !== 'string' || eventType.length < 1 || eventType.length > 100) {
      throw new Refusal(422, 'Invalid request.\n\n"event_type" must be 1 to 100 characters.');
    }
    if (typeof clientPayload !== 'object' || clientPayload === null || Array.isArray(clientPayload)) {
      throw new Refusal(422, "Invalid request.\n\nFor 'properties/client_payload', it is not an object.");
    }
    const keys = Object.keys(clientPayload).length;
    if (keys > 10) throw new Refusal(422, `No more than 10 properties are allowed; ${keys} were supplied.`);
    if (Buffer.byteLength(JSON.stringify(clientPayload)) > maxClientPayload)
      throw new Refusal(422, 'client_payload is too large.');
    const dispatch = {
      repository: fullName(repository),
      repositoryId: repository.id,
      eventType,
      clientPayload: clientPayload as Record<string, unknown>,
      at: Date.now(),
    };
    world.dispatches.push(dispatch);
    options.onDispatch(dispatch);
    return context.body(null, 204, rateHeaders());
  }

  api.get('/app/hook/deliveries', async (context) => {
    await requireApp(context);
    const perPage = Math.min(100, Number(context.req.query('per_page') ?? 30));
    const before = Number(context.req.query('cursor')?.replace('v1_', '') ?? Infinity);
    const rows = webhooks.deliveries.filter(({ id }) => id < before).sort((a, b) => b.id - a.id);
    const page = rows.slice(0, perPage);
    const last = page.at(-1);
    const link =
      last && rows.length > perPage
        ? { link: `<${context.req.url.split('?')[0] ?? ''}?per_page=${perPage}&cursor=v1_${last.id}>; rel="next"` }
        : {};
    return reply(context, 200, page.map(hookDeliveryJson), link);
  });

  api.get('/app/hook/deliveries/:id', async (context) => {
    await requireApp(context);
    const found = webhooks.deliveries.find(({ id }) => String(id) === context.req.param('id'));
    if (!found) throw new Refusal(404, 'Not Found');
    return reply(context, 200, {
      ...templates.hookDelivery,
      ...hookDeliveryJson(found),
      request: { headers: {}, payload: found.payload },
      response: { headers: {}, payload: '' },
    });
  });

  api.post('/app/hook/deliveries/:id/attempts', async (context) => {
    await requireApp(context);
    if (!webhooks.redeliver(Number(context.req.param('id')))) throw new Refusal(404, 'Not Found');
    return reply(context, 202, {});
  });

  return api;
}

const rateHeaders = (): Record<string, string> => ({
  'x-ratelimit-limit': '5000',
  'x-ratelimit-remaining': '4999',
  'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3600),
});

const reply = (context: Context, status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  context.body(JSON.stringify(body), status as 200, {
    'content-type': 'application/json; charset=utf-8',
    ...rateHeaders(),
    ...headers,
  });

async function readJson<T>(context: Context): Promise<T> {
  try {
    return JSON.parse((await context.req.text()) || '{}') as T;
  } catch {
    throw new Refusal(400, 'Problems parsing JSON');
  }
}

function hookDeliveryJson(delivery: HookDelivery): Record<string, unknown> {
  const { installation, repository, action } = delivery.payload as {
    installation?: { id: number };
    repository?: { id: number };
    action?: string;
  };
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.durationMs / 1000,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: action ?? null,
    installation_id: installation?.id ?? null,
    repository_id: repository?.id ?? null,
    throttled_at: null,
  };
}
