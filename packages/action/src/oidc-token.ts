import { ActionError } from './action-error.ts';
import type { Send } from './http.ts';
import { sendWithRetries, type Patience } from './retry.ts';

export interface JobContext {
  readonly eventName: string;
  readonly actor: string;
  readonly isForkPullRequest: boolean;
}

export interface TokenSource {
  /** `ACTIONS_ID_TOKEN_REQUEST_URL` */
  readonly requestUrl: string | undefined;
  /** `ACTIONS_ID_TOKEN_REQUEST_TOKEN` */
  readonly requestToken: string | undefined;
}

/** For the whole request, retries included: the toolkit's own can hang for minutes. */
const limitMs = 10_000;

/**
 * Asks GitHub for the job's OIDC token.
 *
 * @throws ActionError that says why a job has none, or what GitHub's token service answered
 */
export async function requestOidcToken(
  { requestUrl, requestToken }: TokenSource,
  audience: string,
  job: JobContext,
  send: Send,
  patience: Patience,
): Promise<string> {
  if (!requestUrl || !requestToken) throw new ActionError(whyNoToken(job));
  const url = new URL(requestUrl);
  url.searchParams.set('audience', audience);
  const outcome = await sendWithRetries(
    send,
    {
      method: 'GET',
      url: url.toString(),
      headers: { authorization: `Bearer ${requestToken}`, accept: 'application/json' },
    },
    { deadline: patience.now() + limitMs, tryMs: limitMs },
    patience,
  );
  if (outcome.kind === 'unreachable') {
    throw new ActionError(
      `GitHub's token service could not be reached within 10 s (${outcome.reason}). Try the job again; see githubstatus.com.`,
    );
  }
  const { status, body } = outcome.answer;
  if (status !== 200) {
    throw new ActionError(
      `GitHub's token service answered ${status} after ${outcome.tries} ${outcome.tries === 1 ? 'try' : 'tries'}. Try the job again; see githubstatus.com.`,
    );
  }
  const token = readToken(body);
  if (token === null)
    throw new ActionError("GitHub's token service answered without a token. Try the job again; see githubstatus.com.");
  return token;
}

function readToken(body: string): string | null {
  try {
    const { value } = JSON.parse(body) as { value?: unknown };
    return typeof value === 'string' && value !== '' ? value : null;
  } catch {
    return null;
  }
}

function whyNoToken({ eventName, actor, isForkPullRequest }: JobContext): string {
  if (isForkPullRequest) {
    return 'GitHub gives no OIDC token to a pull request from a fork, whatever the workflow says. Send from a push to your own repository instead.';
  }
  if (actor === 'dependabot[bot]') {
    return "GitHub gives no OIDC token to runs that Dependabot started. Skip this step for them: if: github.actor != 'dependabot[bot]'";
  }
  const inCall =
    eventName === 'workflow_call'
      ? ''
      : ' If this job is in a reusable workflow, the workflow that calls it must grant it too.';
  return (
    'The job has no permission to ask for an OIDC token. Add to the job or the workflow:\n' +
    'permissions:\n  id-token: write\n  contents: read   # naming one permission takes away the others; checkout needs this\n' +
    inCall.trim()
  );
}
