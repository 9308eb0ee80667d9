import { ZektError, type ErrorCode } from '@zekt/core';
import type { ApprovalDocument, Decision } from './approval-document.ts';
import type { Outcome } from './decide.ts';
import type { EffectAnswer } from './machine.ts';
import { subjectOf } from './subject.ts';

/** What whoever clicked is told: a sentence for the card or the page, and how it counts. */
export interface ClickAnswer {
  /** Null: it went well. */
  readonly code: ErrorCode | null;
  /** Printable ASCII, one line, at most 200 characters; no person's name and no time. */
  readonly text: string;
}

const verb = { approved: 'approved', rejected: 'rejected' } as const;

export const invalidLink: ClickAnswer = { code: 'approval_link_invalid', text: 'This approval link is not valid.' };
export const expiredAnswer: ClickAnswer = { code: 'approval_expired', text: 'This approval request has expired.' };
export const tooManyClicks: ClickAnswer = {
  code: 'too_many_requests',
  text: 'Too many tries in a short time. Try again in a minute.',
};

/** The table of answers: the same for a card, for the page and for the API. */
export function answerOutcome(outcome: Outcome): ClickAnswer {
  switch (outcome.kind) {
    case 'done':
      return { code: null, text: `${subjectOf(outcome.approval)} was ${verb[outcome.decision]}.` };
    case 'already':
      return { code: null, text: `Already ${verb[outcome.decision]}.` };
    case 'counted':
      return { code: null, text: countedText(outcome) };
    case 'expired':
      return expiredAnswer;
    case 'busy':
      return {
        code: 'approval_in_progress',
        text: 'This request is being processed. Refresh in a moment.',
      };
    case 'commentRequired':
      return { code: 'approval_comment_required', text: 'Not rejected: a reason is required.' };
    case 'notAllowed':
      return { code: 'approval_not_allowed', text: 'You are not allowed to decide this request.' };
    case 'notCarriedOut':
      return {
        code: 'approval_not_dispatched',
        text: notCarriedOutText(outcome.decision, outcome.answer, outcome.approval),
      };
  }
}

const countedText = ({ approval, approvals, dropped }: Extract<Outcome, { kind: 'counted' }>): string =>
  `Your approval counts: ${approvals} of ${approval.policy.quorum}.${dropped === 0 ? '' : ` ${dropped} earlier ${dropped === 1 ? 'one does' : 'ones do'} not count any more.`}`;

function notCarriedOutText(
  decision: Decision,
  answer: Exclude<EffectAnswer, { kind: 'done' }>,
  { subscription }: ApprovalDocument,
): string {
  const not = `Not ${verb[decision]}`;
  if (answer.kind === 'busy') return `${not} yet: GitHub is busy. Try again later.`;
  if (answer.kind === 'unknown') return `${not} yet: GitHub did not answer. Try again in a minute.`;
  if (subscription) return `${not}: the subscription is not asked for any more.`;
  switch (answer.cause) {
    case 'notFound':
      return `${not}: the repository was not found or Zekt is not installed there.`;
    case 'noPermission':
      return `${not}: Zekt has no permission for the repository.`;
    case 'notShown':
      return `${not}: what would be dispatched is not what was shown.`;
    case 'notAccepted':
      return `${not}: GitHub did not accept the request.`;
  }
}

/** The same as an error of the API. Null: it went well. */
export const asRefusal = ({ code, text }: ClickAnswer): ZektError | null =>
  code === null ? null : new ZektError(code, text);
