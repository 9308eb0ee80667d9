import { exportJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import { makeSigningKey, type SigningKeyPair } from './signing-key-pair.ts';
import { fullName, type WorkflowRun } from './world.ts';

interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** GitHub's token issuer for workflow jobs, with rotation. Claims are strings, ids and numbers too. */
export class OidcIssuer {
  readonly url: string;
  #keys: SigningKey[] = [];
  #lastKid = 0;

  constructor(url: string) {
    this.url = url;
  }

  /** Another signing key, by default a new one; the one before stays published unless `forget`. */
  async rotate({
    forget = false,
    key,
  }: { readonly forget?: boolean; readonly key?: SigningKeyPair } = {}): Promise<void> {
    const { privateKey, publicKey } = key ?? (await makeSigningKey());
    this.#lastKid += 1;
    const kid = `key-${this.#lastKid}`;
    const publicJwk: JWK = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
    this.#keys = [{ kid, privateKey, publicJwk }, ...(forget ? [] : this.#keys)];
  }

  discovery(): object {
    return {
      issuer: this.url,
      jwks_uri: `${this.url}/.well-known/jwks`,
      id_token_signing_alg_values_supported: ['RS256'],
    };
  }

  jwks(): object {
    return { keys: this.#keys.map(({ publicJwk }) => publicJwk) };
  }

  /** The token of a job of this run. `changes` replace claims; undefined removes one. */
  async mint(
    run: WorkflowRun,
    audience: string | string[],
    changes: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const [key] = this.#keys;
    if (!key) throw new Error('the issuer has no key yet: call rotate() first');
    const repository = fullName(run.repository);
    const now = Math.floor(Date.now() / 1000);
    const claims: Record<string, unknown> = {
      iss: this.url,
      aud: audience,
      jti: crypto.randomUUID(),
      iat: now,
      nbf: now - 600,
      exp: now + 300,
      sub: `repo:${run.repository.owner.login}@${run.repository.owner.id}/${run.repository.name}@${run.repository.id}:ref:${run.ref}`,
      repository,
      repository_id: String(run.repository.id),
      repository_owner: run.repository.owner.login,
      repository_owner_id: String(run.repository.owner.id),
      repository_visibility: 'private',
      run_id: String(run.id),
      run_number: String(run.runNumber),
      run_attempt: String(run.attempt),
      actor: run.actor.login,
      actor_id: String(run.actor.id),
      workflow: 'Simulated workflow',
      workflow_ref: `${repository}/${run.workflow}@${run.ref}`,
      workflow_sha: run.sha,
      job_workflow_ref: `${repository}/${run.workflow}@${run.ref}`,
      job_workflow_sha: run.sha,
      event_name: run.event,
      ref: run.ref,
      ref_type: 'branch',
      ref_protected: 'true',
      sha: run.sha,
      head_ref: '',
      base_ref: '',
      runner_environment: 'github-hosted',
      ...changes,
    };
    const present = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
    return new SignJWT(present).setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: key.kid }).sign(key.privateKey);
  }
}
