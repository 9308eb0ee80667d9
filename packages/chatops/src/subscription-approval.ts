import {
  complete,
  getService,
  getSubscription,
  isRemoved,
  ZektError,
  type RepositoryRef,
  type RequestKey,
  type ServiceDocument,
  type Settlement,
  type SubscriptionDocument,
  type SubscriptionNews,
} from '@zekt/core';
import { findApproval, isOver } from './approval/approval-document.ts';
import type { ApprovalsContext } from './approval/approvals-context.ts';
import { cancelApproval } from './approval/decide.ts';
import { approvalIdOf, requestApproval, type NewApproval } from './approval/request-approval.ts';
import { mayAskIn } from './channel.ts';

/** A request that was changed is another question. */
const keyOf = (subscriptionId: string, { requestedAt, digest }: RequestKey): string =>
  `subscription:${subscriptionId}:${requestedAt}:${digest}`;

/** Of the question about one request; made of nothing but the request, so that it can be withdrawn when the subscription is gone. */
const questionId = (provider: RepositoryRef, subscriptionId: string, request: RequestKey): string =>
  approvalIdOf(provider, keyOf(subscriptionId, request));

/**
 * Asks the provider's people about a request, where the service says so; withdraws the question when it is settled elsewhere.
 *
 * @throws Error while what the news tells of is not visible: then the news comes again
 */
export async function followSubscription(context: ApprovalsContext, news: SubscriptionNews): Promise<Settlement> {
  const { provider, id } = news.subscription;
  if (news.settled) await withdrawQuestion(context, questionId(provider, id, news.settled));
  if (!news.isAsked) return complete;
  const subscription = (await getSubscription(context.store, news.subscription))?.body;
  if (!subscription || subscription.updatedAt < news.updatedAt) {
    if (await isRemoved(context.store, id)) return complete;
    throw new Error(`The request of subscription ${id} is not visible yet.`);
  }
  const service = (await getService(context.store, { provider, id: subscription.serviceId }))?.body;
  return subscription.state === 'pending' && service?.approval ? ask(context, subscription, service) : complete;
}

async function ask(
  context: ApprovalsContext,
  subscription: SubscriptionDocument,
  { owner, name, provider, approval }: ServiceDocument,
): Promise<Settlement> {
  if (!approval) return complete;
  const { store, log } = context;
  const { repository, note, terms, granted, requestedAt, digest } = subscription;
  const isListed = approval.channel !== undefined && (await mayAskIn(store, approval.channel, provider));
  if (approval.channel !== undefined && !isListed)
    log.warn(
      { service: `${owner}/${name}`, channel: approval.channel },
      'a service names a channel that does not list its repository; people are asked on the page only',
    );
  const question: NewApproval = {
    request: {
      title: `${repository} asks for ${granted ? 'more of ' : ''}${owner}/${name}`,
      text: note,
      policy: approval.policy,
      facts: [
        { name: 'Consumer', value: repository },
        { name: 'Service', value: `${owner}/${name}` },
        { name: 'Event types', value: shown(terms.eventTypes) },
        { name: 'Conclusions', value: shown(terms.conclusions) },
        ...(granted ? [{ name: 'Has already', value: shown(granted.eventTypes) }] : []),
      ],
      ...(isListed && { channel: approval.channel }),
      ...(approval.expiresInSeconds !== undefined && { expiresInSeconds: approval.expiresInSeconds }),
    },
    requester: {
      repository,
      ref: subscription.consumer,
      ownerId: subscription.ownerId,
      runId: null,
      runAttempt: null,
      actor: null,
      actorId: subscription.requestedBy,
    },
    asker: provider,
    repository: null,
    subscription: {
      pointer: { provider, serviceId: subscription.serviceId, id: subscription.id },
      name: subscription.name,
      service: subscription.service,
      requestedAt,
      digest,
    },
    key: keyOf(subscription.id, { requestedAt, digest }),
  };
  try {
    await requestApproval(context, question);
    return complete;
  } catch (error) {
    if (!(error instanceof ZektError) || error.code === 'unavailable') throw error;
    // It was asked before, and the note beside it has changed since.
    if (error.code === 'idempotency_key_reused') return complete;
    // Nobody who waits for an answer is there: whoever looks after the service changes it, and revives this.
    return {
      settle: 'deadLetter',
      reason: `${owner}/${name}: people can not be asked about the request of ${repository}. ${error.message}`,
    };
  }
}

/** A fact's value has 300 characters. */
const maxListed = 270;

/** Of what does not fit it is told how much there is: nobody approves what he does not know of. */
function shown(filter: readonly string[]): string {
  let fits = filter.length;
  while (filter.slice(0, fits).join(', ').length > maxListed) fits -= 1;
  const listed = filter.slice(0, fits).join(', ');
  return fits === filter.length ? listed : `${listed}, and ${filter.length - fits} more`;
}

async function withdrawQuestion(context: ApprovalsContext, id: string): Promise<void> {
  const found = await findApproval(context.store, id);
  if (!found || isOver(found.body)) return;
  try {
    await cancelApproval(context, id, 'The subscription was decided elsewhere.');
  } catch (error) {
    // It is being decided at this moment, which is what brought us here.
    if (!(error instanceof ZektError) || error.code !== 'approval_in_progress') throw error;
  }
}
