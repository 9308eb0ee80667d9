import { hash } from 'node:crypto';
import { canonicalJson, type NotificationEvent } from '../event/notification-event.ts';
import {
  webhookNeeds,
  type Exchange,
  type ProviderConfig,
  type ProviderType,
  type WireRequest,
} from './provider-type.ts';
import { memoise } from '../event/memoise.ts';
import { judgeWrite, readAnswer, withText } from './read-answer.ts';
import { bearer, jsonOf, postJson, refused } from './request.ts';
import { signJwt } from './sign-jwt.ts';

const api = 'https://pubsub.googleapis.com/v1';
const scope = 'https://www.googleapis.com/auth/pubsub';
const defaultTokenUri = 'https://oauth2.googleapis.com/token';
const renewBeforeMs = 60_000;

interface Credentials {
  readonly client_email: string;
  readonly private_key: string;
  readonly private_key_id?: string;
  readonly token_uri?: string;
}

const tokenId = memoise((token: string): string => hash('sha256', token));

const credentialsOf = memoise((token: string): Credentials | null => {
  const { client_email, private_key } = jsonOf({ text: token }) ?? {};
  return typeof client_email === 'string' && typeof private_key === 'string'
    ? (JSON.parse(token) as Credentials)
    : null;
});
const readCredentials = ({ token }: ProviderConfig): Credentials | null => credentialsOf(token);

/** The address is the project's id, the channel the topic's, the token the JSON key of a service account; headers become attributes. */
export const googlepubsub: ProviderType = {
  type: 'googlepubsub',
  needs: { ...webhookNeeds, channel: 'required', token: 'required', headers: 'optional', tls: 'ignored' },
  gate: 'messages',
  hasOwnAddress: true,
  problems: (config) => [
    ...(readCredentials(config) ? [] : ['token must be the JSON key of a service account']),
    ...(/^[\w.:-]+$/.test(config.address) ? [] : ["address must be a project's id"]),
    ...(/^[\w.~+%-]+$/.test(config.channel) ? [] : ["channel must be a topic's id"]),
  ],
  exchange: publish,
};

function* publish(event: NotificationEvent, config: ProviderConfig, nowMs: number): Exchange {
  const credentials = readCredentials(config);
  if (!credentials) return refused('The token is no JSON key of a service account.');
  const key = `pubsub:${tokenId(config.token)}`;
  let accessToken = config.remembered.get(key);
  if (accessToken === undefined) {
    const answer = yield tokenRequest(credentials, nowMs);
    const read = readAnswer(answer, withText('access_token'), 'an access token');
    if ('verdict' in read) return read.verdict;
    accessToken = String(read.value.access_token);
    const lifetimeMs = Number(read.value.expires_in ?? 0) * 1000;
    config.remembered.set(key, accessToken, answer.at + lifetimeMs - renewBeforeMs);
  }
  const message = {
    data: Buffer.from(canonicalJson(event)).toString('base64'),
    ...(Object.keys(config.headers).length > 0 && { attributes: config.headers }),
  };
  const path = `/projects/${encodeURIComponent(config.address)}/topics/${encodeURIComponent(config.channel)}:publish`;
  return judgeWrite(yield postJson(`${api}${path}`, { messages: [message] }, bearer(accessToken)));
}

function tokenRequest(
  { client_email, private_key, private_key_id, token_uri = defaultTokenUri }: Credentials,
  nowMs: number,
): WireRequest {
  const iat = Math.floor(nowMs / 1000);
  const claims = { iss: client_email, scope, aud: token_uri, iat, exp: iat + 3600 };
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: signJwt(claims, private_key, private_key_id),
  });
  return {
    method: 'POST',
    url: token_uri,
    headers: [['Content-Type', 'application/x-www-form-urlencoded']],
    body: form.toString(),
    isSecret: true,
    assumed: { text: '{"access_token":"***","expires_in":0}' },
  };
}
