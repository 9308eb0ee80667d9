import {
  answerOutcome,
  expiredAnswer,
  invalidLink,
  tooManyClicks,
  type ClickAnswer,
} from '../approval/answer-click.ts';
import { findApproval, type Decision } from '../approval/approval-document.ts';
import type { ApprovalsContext } from '../approval/approvals-context.ts';
import { decide } from '../approval/decide.ts';
import { checkLinkToken } from '../approval/link-token.ts';
import { cardOf } from '../cards/card-of.ts';
import { namedPerson } from '../identity/named-person.ts';
import type { VerifyCardCaller } from './card-caller.ts';
import { identifyCaller } from './identify-caller.ts';
import { readClick } from './read-click.ts';
import type { RateLimit } from './rate-limit.ts';

export interface CardActionContext extends ApprovalsContext {
  readonly verifiers: readonly VerifyCardCaller[];
  /** Of one person at one approval. */
  readonly clickLimit: RateLimit;
}

/** What a button of a card posted. */
export interface CardPost {
  readonly approvalId: string;
  readonly decision: Decision;
  readonly request: Request;
  /** At most 16 kB of it. */
  readonly body: Buffer;
}

/** For `CARD-ACTION-STATUS`, and the card that replaces the one clicked where the click counts. */
export interface CardAnswer {
  readonly answer: ClickAnswer;
  readonly card: object | null;
}

/** Clients of Microsoft's give up after about five seconds. */
const answerWithinMs = 3700;

/**
 * Answers a click: who, by the token that Microsoft sends; for what, by the token in the target; then the decision. Everything that is
 * dispatched comes from the stored approval, nothing from the body but the comment.
 *
 * @throws ZektError for a caller who proves nothing: that answer has no `CARD-ACTION-STATUS`
 */
export async function answerCardAction(context: CardActionContext, post: CardPost): Promise<CardAnswer> {
  const { store, clock, keys } = context;
  const { approvalId, decision, request } = post;
  const answerBy = clock.now() + answerWithinMs;
  const { json, comment } = readClick(post.body, request.headers.get('content-type'));
  const person = await identifyCaller(context.verifiers, request.headers, json);
  const query = new URL(request.url).searchParams;
  const link = checkLinkToken(
    keys,
    query.get('t'),
    approvalId,
    decision === 'approved' ? 'approve' : 'reject',
    clock.now(),
  );
  const found = await findApproval(store, approvalId);
  if (link === 'invalid' || !found) return { answer: invalidLink, card: null };
  const { provider, tenant, id } = person.actor;
  if (context.clickLimit.isExceeded(`${approvalId}:${provider}:${tenant ?? ''}:${id}`))
    return { answer: tooManyClicks, card: null };
  if (link === 'expired') return { answer: expiredAnswer, card: null };

  const outcome = await decide(context, found.body, {
    decision,
    person: await namedPerson(store, person),
    comment,
    via: 'card',
    requestId: shortHeader(request, 'action-request-id'),
    answerBy,
  });
  context.log.info(
    {
      approvalId,
      decision,
      outcome: outcome.kind,
      actor: `${provider}:${tenant ?? ''}:${id}`,
      actionRequestId: shortHeader(request, 'action-request-id'),
      cardCorrelationId: shortHeader(request, 'card-correlation-id'),
    },
    'a card was clicked',
  );
  const answer = answerOutcome(outcome);
  const form = query.get('form') === 'outlook' ? 'outlook' : 'message';
  const isReplaced = answer.code === null || answer.isOutdated;
  return { answer, card: isReplaced ? cardOf(context, outcome.approval, form) : null };
}

function shortHeader(request: Request, name: string): string | null {
  const value = request.headers.get(name);
  return value !== null && /^[\w.-]{1,100}$/.test(value) ? value : null;
}
