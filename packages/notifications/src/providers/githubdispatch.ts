import { canonicalJson, type NotificationEvent } from '../event/notification-event.ts';
import { bytesOf, fitted, shorten } from '../event/shorten.ts';
import { gitHubAccess, gitHubProblems, gitHubRequest, judgeGitHub, readGitHubAddress } from './github-api.ts';
import { webhookNeeds, type Exchange, type ProviderConfig, type ProviderType } from './provider-type.ts';
import { judgeWrite } from './read-answer.ts';
import { refused } from './request.ts';

const mostEventType = 100;
/** GitHub refuses larger payloads. */
const mostPayloadBytes = 65_000;

/** A `repository_dispatch` that carries the event. */
export const githubdispatch: ProviderType = {
  type: 'githubdispatch',
  needs: { ...webhookNeeds, token: 'optional', password: 'optional' },
  gate: 'messages',
  mostMetadata: 16_000,
  hasOwnAddress: true,
  problems: gitHubProblems,
  exchange: dispatch,
};

function* dispatch(event: NotificationEvent, config: ProviderConfig, nowMs: number): Exchange {
  const repository = readGitHubAddress(config.address);
  if (!repository) return refused('The address names no repository.');
  const access = yield* gitHubAccess(config, repository, nowMs);
  if ('verdict' in access) return access.verdict;
  const { kind = '', name = '', namespace = '' } = event.involvedObject;
  const eventType = `${kind}/${name}.${namespace}`;
  // Canonical, so that it reads the same wherever an event is forwarded to.
  const render = (message: string): string => canonicalJson({ ...event, message });
  const payload = config.truncate ? fitted(event.message, render, bytesOf, mostPayloadBytes) : render(event.message);
  const type = JSON.stringify(config.truncate ? shorten(eventType, mostEventType) : eventType);
  const body = `{"event_type":${type},"client_payload":${payload}}`;
  const request = gitHubRequest('POST', `${repository.url}/dispatches`, access.token, body, { status: 204 });
  return judgeWrite(yield request, judgeGitHub);
}
