import { waitAsked, type Answer } from '@zekt/egress';
import { HookFailure } from './hook-failure.ts';

/** What a target may answer, at most (bytes). */
export const mostAnswerBytes = 1_048_576;
const mostMessageChars = 400;

/** Why a target's answer is a failure; null: it is a success. Redirects are not followed, so they are failures. */
export function failureOfStatus(
  target: string,
  { status, cut, headers }: Pick<Answer, 'status' | 'cut' | 'headers'>,
  nowMs: number,
): HookFailure | null {
  if (status < 200 || status > 299)
    return new HookFailure('status', `The hook '${target}' refused this call.`, {
      status,
      askedToWaitMs: waitAsked(headers['retry-after'], nowMs),
    });
  if (cut === 'tooSlow') return new HookFailure('timeout', `The hook '${target}' did not answer in time.`, { status });
  if (cut === 'tooLong')
    return new HookFailure('answer', `The hook '${target}' answered with more than ${mostAnswerBytes} bytes.`, {
      status,
    });
  if (cut !== undefined) return new HookFailure('answer', `The answer of the hook '${target}' broke off.`, { status });
  return null;
}

/**
 * What a 2xx asks to have passed on: `forwardedStatusCode` of 400 to 499 with `forwardedErrorMessage` is that error; another code, or a
 * message alone, fails without a status of its own.
 */
export function forwardedBy(target: string, status: number, body: unknown): HookFailure | null {
  if (typeof body !== 'object' || body === null) return null;
  const { forwardedStatusCode: code, forwardedErrorMessage: given } = body as Record<string, unknown>;
  if (code === undefined && given === undefined) return null;
  const message =
    typeof given === 'string' && given !== ''
      ? given.slice(0, mostMessageChars)
      : `The hook '${target}' refused this call.`;
  if (typeof code === 'number' && Number.isInteger(code) && code >= 400 && code <= 499)
    return new HookFailure('forwarded', message, { status, forwardedStatus: code });
  return new HookFailure('status', message, { status });
}

/** Only a text that is JSON can be an answer. Empty: there is none. */
export function parseAnswer(text: string): { readonly body: unknown } | 'empty' | 'broken' {
  if (text.trim() === '') return 'empty';
  try {
    return { body: JSON.parse(text) as unknown };
  } catch {
    return 'broken';
  }
}
