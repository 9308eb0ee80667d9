import { ZektError, type ErrorCode } from '@zekt/core';
import type { ApprovalDocument, Decision } from './approval-document.ts';
import type { Outcome } from './decide.ts';
import { decidingVote, type EffectAnswer } from './machine.ts';
import { shortTime } from './short-time.ts';
import { asciiLine, subjectOf } from './subject.ts';

/** What whoever clicked is told: a sentence for the card or the page, and how it counts. */
export interface ClickAnswer {
  /** Null: it went well. */
  readonly code: ErrorCode | null;
  /**
   * Printable ASCII, one line, at most 200 characters. No name and no time of whoever clicked: the client adds both. Of somebody who
   * decided before them, yes.
   */
  readonly text: string;
  /** The card that was clicked is out of date and is to be replaced, although the click did not count. */
  readonly isOutdated?: true;
}

const verb = { approved: 'approved', rejected: 'rejected' } as const;
const noun = { approved: 'approval', rejected: 'rejection' } as const;
const other = { approved: 'rejected', rejected: 'approved' } as const;

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
      return outcome.isContrary ? contraryAnswer(outcome) : { code: null, text: `Already ${verb[outcome.decision]}.` };
    case 'inDoubt':
      return {
        code: null,
        text: `${subjectOf(outcome.approval)} is ${verb[outcome.decision]}. GitHub has not confirmed it yet: Zekt goes on telling it.`,
      };
    case 'undelivered':
      return {
        code: 'approval_not_dispatched',
        text: `Already ${verb[outcome.decision]}, but GitHub did not confirm that it was told. The operator of this server can repeat it.`,
        isOutdated: true,
      };
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

/** The sentence that stands for a name where only ids are known fits. */
const longestName = 120;

/** Who decides second and otherwise must not believe that it counts. */
function contraryAnswer({ approval, decision }: Extract<Outcome, { kind: 'already' }>): ClickAnswer {
  const vote = approval.decision ?? decidingVote(approval, decision);
  const who = vote ? ` by ${asciiLine(vote.actor.name ?? vote.actor.id, longestName)} at ${shortTime(vote.at)}` : '';
  const telling = approval.decision === null ? ', and GitHub is being told' : '';
  return {
    code: 'approval_already_decided',
    text: `Already ${verb[decision]}${who}${telling}; your ${noun[other[decision]]} was not recorded.`,
    isOutdated: true,
  };
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
