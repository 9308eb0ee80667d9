import { ZektError } from '@zekt/core';
import { exchangeCode, type Client } from './exchange-code.ts';
import type { IdentityProvider } from './identity-provider.ts';

export interface GitHubProviderOptions {
  /** `https://github.com` */
  readonly url: string;
  /** `https://api.github.com` */
  readonly apiUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly fetch: typeof fetch;
}

/**
 * The App's web flow ("Generating a user access token for a GitHub App"). The token is used once, to learn who it is, and not kept.
 * No scope is asked for: an App's user token has none.
 */
export function gitHubProvider({
  url,
  apiUrl,
  clientId,
  clientSecret,
  fetch,
}: GitHubProviderOptions): IdentityProvider {
  const client: Client = {
    server: {
      issuer: url,
      authorization_endpoint: `${url}/login/oauth/authorize`,
      token_endpoint: `${url}/login/oauth/access_token`,
    },
    id: clientId,
    secret: clientSecret,
    fetch,
  };
  return {
    name: 'github',
    title: 'GitHub',
    authorizationUrl({ state, redirectUri }, codeChallenge) {
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        state,
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
        allow_signup: 'false',
      });
      return `${client.server.authorization_endpoint ?? ''}?${query.toString()}`;
    },
    async finish(trip, query) {
      const { access_token: token } = await exchangeCode(client, trip, query);
      if (typeof token !== 'string') throw new ZektError('invalid_token', 'GitHub gave no token. Start again.');
      const response = await fetch(`${apiUrl}/user`, {
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/vnd.github+json',
          'user-agent': 'zekt',
          'x-github-api-version': '2022-11-28',
        },
        redirect: 'error',
      });
      const user = (await response.json()) as { id?: unknown; login?: unknown };
      if (!response.ok || typeof user.id !== 'number' || typeof user.login !== 'string')
        throw new ZektError('invalid_token', 'GitHub did not say who signed in. Start again.');
      return { actor: { provider: 'github', id: String(user.id), tenant: null, name: user.login }, groups: [] };
    },
  };
}
