import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import { readWorkflowRef, ZektError, type Clock, type VerifyWorkflowToken, type WorkflowIdentity } from '@zekt/core';
import { OidcKeys } from '@zekt/oidc';

export interface TokenRules {
  /** Exact issuers, without trailing slash. */
  readonly issuers: readonly string[];
  /** Exact; a token with several audiences is refused. Asked for at each token: where a server listens is known late. */
  readonly audiences: () => readonly [string, ...string[]];
}

const clockSkewSeconds = 60;
/** Longer than any token of GitHub's, with all its claims. */
const maxTokenLength = 16_384;

/**
 * Makes the verifier of GitHub Actions OIDC tokens: RS256, a trusted issuer, exactly our audience, within its times (60 s skew).
 * Who the workflow is comes from ids; `sub` has changing forms and names can change hands, so neither decides.
 */
export function workflowTokenVerifier(
  rules: TokenRules,
  deps: { readonly clock: Clock; readonly fetch: typeof fetch },
): VerifyWorkflowToken {
  const keysOf = new Map(rules.issuers.map((issuer) => [issuer, new OidcKeys(issuer, deps)]));
  return async (token) => {
    const issuer = untrustedIssuer(token);
    const keys = keysOf.get(issuer);
    if (!keys)
      throw new ZektError(
        'issuer_not_trusted',
        `Invalid token issuer '${issuer.slice(0, 200)}'. This server trusts: ${rules.issuers.join(', ')}.`,
      );
    try {
      const { payload } = await jwtVerify(token, keys.find, {
        algorithms: ['RS256'],
        issuer,
        clockTolerance: clockSkewSeconds,
        currentDate: new Date(deps.clock.now()),
        requiredClaims: ['exp', 'nbf', 'iat', 'jti', 'aud'],
      });
      return identityOf(issuer, checkedAudience(payload.aud, rules.audiences()), payload);
    } catch (error) {
      throw asRefusal(error);
    }
  };
}

/** @throws ZektError `wrong_audience` */
function checkedAudience(given: JWTPayload['aud'], audiences: readonly [string, ...string[]]): string {
  if (typeof given === 'string' && audiences.includes(given)) return given;
  throw new ZektError(
    'wrong_audience',
    `The token's audience is ${JSON.stringify(given).slice(0, 200)}; this server wants '${audiences[0]}', its public URL (ZEKT_PUBLIC_URL). An operator may add others by ZEKT_OIDC_AUDIENCE.`,
  );
}

/** Only picks which trusted issuer's keys to try; nothing is believed yet. */
function untrustedIssuer(token: string): string {
  if (token.length > maxTokenLength)
    throw new ZektError('invalid_token', 'The token is too long for a GitHub Actions OIDC token.');
  try {
    const { iss } = decodeJwt(token);
    if (typeof iss === 'string') return iss;
  } catch {
    // Told below in one sentence for every malformed token.
  }
  throw new ZektError(
    'invalid_token',
    'The Authorization header does not hold a GitHub Actions OIDC token (a signed JWT).',
  );
}

function asRefusal(error: unknown): ZektError {
  if (error instanceof ZektError) return error;
  if (error instanceof errors.JWTExpired) {
    return new ZektError(
      'token_expired',
      'Token expired: GitHub Actions OIDC tokens last five minutes. Request a new one for each call; if it was new, compare the clocks of both machines.',
      { cause: error },
    );
  }
  if (
    error instanceof errors.JWTClaimValidationFailed &&
    (error.claim === 'nbf' || error.claim === 'iat') &&
    error.reason === 'check_failed'
  ) {
    return new ZektError(
      'token_not_yet_valid',
      "The token is not valid yet: compare this server's clock with that of the machine that it was made on.",
      { cause: error },
    );
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new ZektError('invalid_token', `The token's claim '${error.claim}' is not acceptable: ${error.message}.`, {
      cause: error,
    });
  }
  if (error instanceof errors.JOSEError) {
    return new ZektError('invalid_token', `The token can not be verified: ${error.message}.`, { cause: error });
  }
  return new ZektError('invalid_token', 'The token can not be verified.', { cause: error });
}

function identityOf(issuer: string, audience: string, claims: JWTPayload): WorkflowIdentity {
  const text = (name: string): string => {
    const value = claims[name];
    if (typeof value !== 'string' || value === '')
      throw new ZektError('invalid_token', `The token has no claim '${name}'.`);
    return value;
  };
  /** GitHub writes ids as decimal text; anything else could collide with another's key. */
  const id = (name: string): string => {
    const value = text(name);
    if (!/^[1-9]\d{0,15}$/.test(value))
      throw new ZektError('invalid_token', `The token's claim '${name}' is not a decimal id.`);
    return value;
  };
  const repository = text('repository');
  return {
    issuer,
    audience,
    repositoryId: id('repository_id'),
    repositoryOwnerId: id('repository_owner_id'),
    runId: id('run_id'),
    runAttempt: Number(id('run_attempt')),
    workflow: workflowPath(text('workflow_ref'), repository),
    repository,
    repositoryOwner: text('repository_owner'),
    eventName: text('event_name'),
    actor: text('actor'),
    actorId: id('actor_id'),
    ref: text('ref'),
    tokenId: text('jti'),
  };
}

/** Only a workflow of the repository that the token is for is one of its workflows: another's file may have the same path. */
function workflowPath(workflowRef: string, repository: string): string {
  const workflow = readWorkflowRef(workflowRef);
  if (!workflow)
    throw new ZektError('invalid_token', "The token's claim 'workflow_ref' is not a workflow file at a full ref.");
  if (workflow.repository !== repository)
    throw new ZektError(
      'invalid_token',
      `The token's claim 'workflow_ref' names another repository than its claim 'repository', '${repository}'.`,
    );
  return workflow.path;
}
