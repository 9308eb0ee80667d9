import {
  complete,
  findSubscription,
  getRepository,
  getService,
  ZektError,
  type Settlement,
  type SubscriptionDocument,
} from '@zekt/core';
import type { ApprovalsContext } from './approval/approvals-context.ts';
import { cancelApproval } from './approval/decide.ts';
import type { ApprovalWork } from './approval/messages.ts';
import { approvalIdOf, requestApproval } from './approval/request-approval.ts';
import { mayAskIn } from './channel.ts';
import { findApproval, isOver } from './approval/approval-document.ts';

const keyOf = ({ name, requestedAt }: Pick<SubscriptionDocument, 'name' | 'requestedAt'>): string =>
  `subscription:${name}:${requestedAt}`;

/** Asks the provider's people about a request, where the service says so; withdraws the question when it is settled elsewhere. */
export async function followSubscription(
  context: ApprovalsContext,
  work: Extract<ApprovalWork, { kind: 'subscription' }>,
): Promise<Settlement> {
  const { store } = context;
  const subscription = (await findSubscription(store, work.subscription))?.body;
  const service = (await getService(store, work.service))?.body;
  if (subscription?.state !== 'pending') {
    if (subscription) await withdrawQuestion(context, subscription);
    return complete;
  }
  if (!service?.approval) return complete;
  const provider = await getRepository(store, service.repositoryId);
  const { approval, repositoryId: asker } = service;
  const channel =
    approval.channel !== undefined && (await mayAskIn(store, approval.channel, asker)) ? approval.channel : null;
  if (approval.channel !== undefined && channel === null)
    context.log.warn(
      { service: work.service, channel: approval.channel },
      'a service names a channel that does not list its repository; people are asked on the page only',
    );
  await requestApproval(context, {
    request: {
      title: `${subscription.repository} asks for ${service.owner}/${service.name}`,
      text: subscription.note,
      policy: approval.policy,
      facts: [
        { name: 'Consumer', value: subscription.repository },
        { name: 'Service', value: `${service.owner}/${service.name}` },
        { name: 'Event types', value: subscription.eventTypes.join(', ').slice(0, 300) },
      ],
      ...(channel !== null && { channel }),
      ...(approval.expiresInSeconds !== undefined && { expiresInSeconds: approval.expiresInSeconds }),
    },
    requester: {
      repository: subscription.repository,
      repositoryId: subscription.repositoryId,
      runId: null,
      actor: null,
      actorId: subscription.requestedBy,
    },
    asker,
    repository: null,
    ...(provider?.installationId && { installationId: provider.installationId }),
    subscription: { name: subscription.name, service: subscription.service, requestedAt: subscription.requestedAt },
    key: keyOf(subscription),
  });
  return complete;
}

async function withdrawQuestion(context: ApprovalsContext, subscription: SubscriptionDocument): Promise<void> {
  const id = approvalIdOf(subscription.repositoryId, keyOf(subscription));
  const found = await findApproval(context.store, id);
  if (!found || isOver(found.body)) return;
  try {
    await cancelApproval(context, id, 'The subscription was decided elsewhere.');
  } catch (error) {
    // It is being decided at this moment, which is what brought us here.
    if (!(error instanceof ZektError) || error.code !== 'approval_in_progress') throw error;
  }
}
