import { createHash, randomBytes } from 'node:crypto';

/** What a browser was sent away with, and who it is for. */
interface Grant<Person> {
  readonly person: Person;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly nonce: string | null;
}

export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
}

/** Codes of the authorization code flow: each good once, for one client, with PKCE. */
export class AuthorizationCodes<Person> {
  readonly #grants = new Map<string, Grant<Person>>();

  /** The address that a browser is sent back to with a code. */
  grant(query: URLSearchParams, person: Person): string {
    const code = randomBytes(16).toString('hex');
    this.#grants.set(code, {
      person,
      clientId: query.get('client_id') ?? '',
      redirectUri: query.get('redirect_uri') ?? '',
      codeChallenge: query.get('code_challenge_method') === 'S256' ? (query.get('code_challenge') ?? '') : '',
      nonce: query.get('nonce'),
    });
    const back = new URL(query.get('redirect_uri') ?? '');
    back.searchParams.set('code', code);
    back.searchParams.set('state', query.get('state') ?? '');
    return back.href;
  }

  /** Null: something about the exchange is not as it was asked for. */
  redeem(form: URLSearchParams, client: OAuthClient): { person: Person; nonce: string | null } | null {
    const code = form.get('code') ?? '';
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isGood =
      grant?.clientId === client.id &&
      form.get('client_id') === client.id &&
      form.get('client_secret') === client.secret &&
      form.get('redirect_uri') === grant.redirectUri &&
      challenge === grant.codeChallenge;
    return isGood ? { person: grant.person, nonce: grant.nonce } : null;
  }
}
