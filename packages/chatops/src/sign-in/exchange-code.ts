import { ZektError } from '@zekt/core';
import {
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  ClientSecretPost,
  customFetch,
  validateAuthResponse,
  type AuthorizationServer,
} from 'oauth4webapi';
import type { Trip } from './identity-provider.ts';

export interface Client {
  readonly server: AuthorizationServer;
  readonly id: string;
  readonly secret: string;
  readonly fetch: typeof fetch;
}

/**
 * The code flow's second half (RFC 6749, with PKCE of RFC 7636): checks what came back and exchanges the code.
 *
 * @returns the token answer: an object, of which nothing else is checked yet
 * @throws ZektError `invalid_token`; what the provider said stays in `cause`
 */
export async function exchangeCode(
  { server, id, secret, fetch }: Client,
  trip: Trip,
  query: URLSearchParams,
): Promise<Readonly<Record<string, unknown>>> {
  const client = { client_id: id };
  const isLoopback = server.token_endpoint?.startsWith('http:') ?? false;
  try {
    const parameters = validateAuthResponse(server, client, query, trip.state);
    const response = await authorizationCodeGrantRequest(
      server,
      client,
      ClientSecretPost(secret),
      parameters,
      trip.redirectUri,
      trip.codeVerifier,
      {
        headers: { accept: 'application/json' },
        [customFetch]: fetch,
        [allowInsecureRequests]: isLoopback,
      },
    );
    if (!response.ok) throw new Error(`the token endpoint answered ${response.status}`);
    const answer = await response.json();
    if (typeof answer !== 'object' || answer === null || 'error' in answer)
      throw new Error('the token endpoint gave no token');
    return answer as Record<string, unknown>;
  } catch (error) {
    throw new ZektError('invalid_token', 'The sign-in did not succeed. Start again.', { cause: error });
  }
}
