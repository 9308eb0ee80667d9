import type { Environment } from '@zekt/host';
import { version } from '@zekt/contracts';

/** Whether this runs in a job of GitHub Actions that may ask for OIDC tokens. */
export const isInJob = (env: Environment): boolean => Boolean(env.ACTIONS_ID_TOKEN_REQUEST_URL);

/** How the action sends, for commands that run in its place. */
export async function jobSender() {
  const { sendOverHttp, systemPatience } = await import('@zekt/action');
  return { send: sendOverHttp(`zekt-cli/${version}`), patience: systemPatience };
}

/**
 * A fresh token of the job that this runs in. They last five minutes.
 *
 * @throws ActionError with what is missing
 */
export async function jobToken(env: Environment, audience: string): Promise<string> {
  const { requestOidcToken } = await import('@zekt/action');
  const { send, patience } = await jobSender();
  return requestOidcToken(
    { requestUrl: env.ACTIONS_ID_TOKEN_REQUEST_URL, requestToken: env.ACTIONS_ID_TOKEN_REQUEST_TOKEN },
    audience,
    { eventName: env.GITHUB_EVENT_NAME ?? '', actor: env.GITHUB_ACTOR ?? '', isForkPullRequest: false },
    send,
    patience,
  );
}
