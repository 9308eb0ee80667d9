import { ZektError, type ErrorCode } from '@zekt/core';
import type { ClickAnswer } from '../approval/answer-click.ts';
import type { Decision } from '../approval/approval-document.ts';
import { asciiLine } from '../approval/subject.ts';

/** Whoever proves nothing is told nothing. */
const withoutStatus: readonly ErrorCode[] = ['missing_token', 'invalid_token', 'token_expired', 'issuer_not_trusted'];

/** What a click is answered that went wrong on the way, foreseen or not. Null: the answer has no `CARD-ACTION-STATUS`. */
export function cardFailure(error: unknown, decision: Decision): ClickAnswer | null {
  if (!(error instanceof ZektError))
    return {
      code: 'internal',
      text: 'The server had a problem; the decision may not count. Look at the page, or try again in a minute.',
    };
  const { code } = error;
  if (withoutStatus.includes(code)) return null;
  if (code === 'issuer_unreachable')
    return {
      code,
      text: `Not ${decision} yet: the keys of the sign-in could not be fetched, so nobody can tell who clicked. Try again in a minute.`,
    };
  if (code === 'github_unreachable')
    return { code, text: `Not ${decision} yet: GitHub did not answer. Try again in a minute.` };
  return {
    code,
    text: asciiLine(code === 'unavailable' ? `Not ${decision} yet: ${error.message}` : error.message, 200),
  };
}
