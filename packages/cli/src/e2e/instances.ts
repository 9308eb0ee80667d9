import { silentLog } from '@zekt/core';
import { readSettings, type Environment, type Ports } from '@zekt/host';
import type { GitHubSimulator, Repository, WorkflowRun } from '@zekt/simulator';
import { createClient } from '../client.ts';
import { startZekt, type ServingZekt } from '../serve/start-zekt.ts';
import { serviceResource, subscriptionResource } from './fixture.ts';

export const audience = 'api://zekt';

/** One of several instances, on a store and a bus that the environment names. It does nothing by the clock. */
export const startInstance = (
  github: GitHubSimulator,
  environment: Environment,
  wrap?: (ports: Ports) => Ports,
): Promise<ServingZekt> =>
  startZekt(
    readSettings({
      ZEKT_PORT: '0',
      ZEKT_ACCEPTORS: '0',
      ZEKT_OIDC_ISSUERS: github.issuer.url,
      ZEKT_OIDC_AUDIENCE: audience,
      ZEKT_GITHUB_API_URL: github.url,
      ZEKT_GITHUB_APP_ID: github.appId,
      ZEKT_GITHUB_APP_PRIVATE_KEY: github.privateKey,
      ZEKT_APPROVAL_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
      ZEKT_EVENT_ONLY_GRACE: '300ms',
      ZEKT_RECONCILE_EVERY: '0ms',
      ZEKT_DOCTOR_EVERY: '0ms',
      ...environment,
    }),
    silentLog,
    wrap,
  );

/** acme offers a service, contoso subscribes to it; the App's webhooks go to the instance. */
export async function setUp(
  github: GitHubSimulator,
  { url }: Pick<ServingZekt, 'url'>,
  secret: string,
  adminToken: string,
): Promise<Repository> {
  const requests = github.repository('acme/requests');
  github.sendWebhooksTo({ url: `${url}/api/github/webhooks`, secret });
  for (const repository of [requests, github.repository('contoso/platform')]) github.install([repository]);
  await github.webhooks.settled();
  await createClient({ ZEKT_URL: url, ZEKT_ADMIN_TOKEN: adminToken })('applyResources', {
    body: { resources: [serviceResource, subscriptionResource('platform-orders', 'contoso/platform')] },
  });
  return requests;
}

/** Sends a message as a job of the run. @returns the status */
export async function sendMessage(github: GitHubSimulator, url: string, run: WorkflowRun): Promise<number> {
  const response = await fetch(`${url}/api/events/receive`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await github.issuer.mint(run, audience)}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      eventType: 'ordered',
      repository: 'acme/requests',
      workflowRunId: String(run.id),
      payload: {},
    }),
  });
  await response.body?.cancel();
  return response.status;
}
