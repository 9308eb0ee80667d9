import { createHash, timingSafeEqual } from 'node:crypto';
import { isPullRequestRun, manager, sharedAudience, ZektError, type Party, type WorkflowIdentity } from '@zekt/core';
import type { WithHeaders } from './with-headers.ts';
import type { Zekt } from './zekt.ts';

/** @throws ZektError `missing_token` */
function bearerToken(request: WithHeaders): string {
  const token = /^bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (token === undefined)
    throw new ZektError('missing_token', 'Missing or invalid Authorization header: it must be "Bearer" and a token.');
  return token;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Each is compared, whichever it is. */
const isAdminToken = ({ adminTokens }: Pick<Zekt, 'adminTokens'>, token: string): boolean =>
  adminTokens.map((own) => timingSafeEqual(sha256(token), sha256(own))).includes(true);

/** @throws ZektError `missing_token` or `invalid_token` */
export function requireManager(zekt: Pick<Zekt, 'adminTokens'>, request: Request): void {
  if (!isAdminToken(zekt, bearerToken(request))) {
    throw new ZektError(
      'invalid_token',
      'This is not the admin token. `zekt serve` keeps it in the data directory; set ZEKT_ADMIN_TOKEN.',
    );
  }
}

/**
 * A manager; or a controller that can be given no header, only a URL: Go's HTTP client makes `https://any:TOKEN@host/…` Basic
 * authentication.
 *
 * @throws ZektError `missing_token` or `invalid_token`
 */
export function requireReporter(zekt: Pick<Zekt, 'adminTokens'>, request: Request): void {
  const encoded = /^basic +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (encoded === undefined) {
    requireManager(zekt, request);
    return;
  }
  const credentials = Buffer.from(encoded, 'base64').toString('utf8');
  if (!isAdminToken(zekt, credentials.slice(credentials.indexOf(':') + 1)))
    throw new ZektError('invalid_token', 'The password is not the admin token.');
}

/** By request: whoever asks again who sent it need not wait again. */
const verified = new WeakMap<WithHeaders, Promise<WorkflowIdentity>>();

/** @throws ZektError of the verifier, or `missing_token` */
export async function requireWorkflow(
  zekt: Pick<Zekt, 'verifyWorkflowToken'>,
  request: WithHeaders,
): Promise<WorkflowIdentity> {
  const known = verified.get(request);
  if (known) return known;
  const identity = zekt.verifyWorkflowToken(bearerToken(request));
  verified.set(request, identity);
  return identity;
}

/** The same request with another body: who sent it is known. */
export function sameSender(request: Request, other: Request): void {
  const known = verified.get(request);
  if (known) verified.set(other, known);
}

/**
 * A manager by the admin token, or a workflow by its own. A workflow that others may have a hand in manages nothing, nor does a token that
 * another server may have been given.
 *
 * @throws ZektError of the verifier, `missing_token`, `invalid_token` or `pull_request_refused`
 */
export async function requireParty(
  zekt: Pick<Zekt, 'adminTokens' | 'verifyWorkflowToken'>,
  request: Request,
): Promise<Party> {
  const token = bearerToken(request);
  // A workflow's token is a JWT; whatever is none was meant to be the admin token.
  if (!/^[^.]+\.[^.]+\.[^.]+$/.test(token)) requireManager(zekt, request);
  if (isAdminToken(zekt, token)) return manager;
  const identity = await requireWorkflow(zekt, request);
  if (identity.audience === sharedAudience)
    throw new ZektError(
      'wrong_audience',
      `A token of the audience '${sharedAudience}' is every Zekt server's, so it only sends messages and reports. Ask for one whose audience is this server's public URL.`,
    );
  if (isPullRequestRun(identity))
    throw new ZektError(
      'pull_request_refused',
      `Runs of '${identity.eventName}' may carry a stranger's code, so they manage nothing here: they may not ask people, request, or take back.`,
    );
  return { kind: 'workflow', identity };
}
