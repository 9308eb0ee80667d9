import { RequestError } from '@octokit/request-error';
import { ZektError } from '@zekt/core';
import { answerOf, isAnswered } from './answer-of.ts';
import { classifyAnswer } from './classify-answer.ts';
import { clockOffset } from './clock-offset.ts';
import { messageOf } from './message-of.ts';
import { redact } from './redact.ts';

/** More than this, and GitHub does not take what we sign. */
const tolerableOffsetMs = 60_000;

/**
 * What octokit or the network threw, as a sentence and what to do. GitHub was not reached, or can't answer now: `github_unreachable`. It
 * answered, and does not let us: `github_refused`. What is an error of this program stays as it is.
 */
export function asGitHubError(error: unknown, nowMs: number): unknown {
  if (!(error instanceof RequestError)) return error;
  if (!isAnswered(error)) return unreachable(error);
  const answer = answerOf(error);
  const { status, message, headers } = answer;
  const said = redact(`${status}${message === '' ? '' : `: ${message}`}`).replace(/[.\s]+$/, '');
  const meaning = classifyAnswer(answer, nowMs);
  if (meaning.kind === 'limited') {
    const retryAfterMs = meaning.notBefore === null ? 60_000 : Math.max(1000, meaning.notBefore - nowMs);
    const sentence = `GitHub asks for quiet (${said}). Try again in ${Math.ceil(retryAfterMs / 1000)} s.`;
    return new ZektError('github_unreachable', sentence, { cause: error, retryAfterMs });
  }
  if (status >= 500 || status === 408)
    return new ZektError(
      'github_unreachable',
      `GitHub can't answer now (${said}). Try again; https://www.githubstatus.com says more.`,
      { cause: error },
    );
  if (status === 401 || isUnknownApp(error)) {
    const offset = clockOffset(headers, nowMs);
    const fix =
      offset !== null && Math.abs(offset) > tolerableOffsetMs
        ? `This machine's clock is ${Math.round(Math.abs(offset) / 1000)} s ${offset > 0 ? 'behind' : 'ahead of'} GitHub's: set it, and keep it by NTP.`
        : 'Check that ZEKT_GITHUB_APP_ID and the private key belong to the same App, and that the key was not deleted.';
    return new ZektError('github_refused', `GitHub does not accept the App's credentials (${said}). ${fix}`, {
      cause: error,
    });
  }
  return new ZektError(
    'github_refused',
    `GitHub refused (${said}). Check the App's permissions, and that its installation is not suspended.`,
    { cause: error },
  );
}

function unreachable(error: RequestError): ZektError {
  const reason = redact(messageOf(error)).replace(/[.\s]+$/, '');
  return new ZektError(
    'github_unreachable',
    `GitHub could not be reached: ${reason}. Check the network, a proxy in between, and ZEKT_GITHUB_API_URL.`,
    { cause: error },
  );
}

/** No such App, rather than no such thing: GitHub answers 404 to both. */
export const isUnknownApp = (error: unknown): boolean =>
  error instanceof RequestError && error.status === 404 && /^integration not found/i.test(error.message);
