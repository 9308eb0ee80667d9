import { RequestError } from '@octokit/request-error';
import type { Answer } from './classify-answer.ts';

/** Octokit reports a connection that failed as status 500 without a response: that is no answer. */
export const isAnswered = (error: unknown): error is RequestError =>
  error instanceof RequestError && error.response !== undefined;

/** What GitHub answered where octokit threw. */
export function answerOf(error: RequestError): Answer {
  const data = error.response?.data as { message?: unknown } | undefined;
  return {
    status: error.status,
    headers: error.response?.headers ?? {},
    message: typeof data?.message === 'string' ? data.message : '',
  };
}
