import { noteRepository } from '../directory/repository.ts';
import { directoryHint, type DispatchWork, type SendWork } from '../hints.ts';
import { repositoryIdOf } from '../identity/keys.ts';
import { done, type BusMessage, type Decide, type Handler } from '../ports/bus.ts';
import type { DispatchAnswer } from '../ports/github.ts';
import { afterAttempt } from './after-attempt.ts';
import { attempt } from './attempt.ts';
import { claim, type Claim } from './claim.ts';
import type { DispatchContext } from './context.ts';
import type { DeliveryDocument } from './delivery-document.ts';
import { release } from './hold.ts';
import { followUp, record } from './record.ts';

/** Sends one delivery to GitHub and records what came of it. The bus gives each installation one handler at a time. */
export function dispatch(context: DispatchContext): Handler {
  return async ({ body, deliveryCount }) => {
    const work = body as DispatchWork;
    if (work.kind === 'release') return () => release(context.store, work, context.clock.now());
    const claimed = await claim(context, work);
    switch (claimed.kind) {
      case 'settled':
        return async () => (deliveryCount > 1 ? followUp(context, claimed.delivery) : done);
      case 'wait':
        return async () => ({ settlement: { settle: 'again', at: claimed.until, body: claimed.work } });
      case 'cancel':
        return cancelled(context, work, claimed.delivery, claimed.reason);
      case 'refuse':
        return answered(context, work, claimed, { kind: 'refused', status: null, reason: claimed.reason });
      case 'retry':
        return answered(context, work, claimed, { kind: 'retry', status: null, reason: claimed.reason });
      case 'hold':
        return answered(context, work, claimed, { kind: 'suspended', reason: 'The installation is suspended.' });
      case 'send':
        return answered(context, work, claimed, await attempt(context, claimed));
    }
  };
}

/** The right to receive was taken back before this was sent. */
function cancelled(context: DispatchContext, work: SendWork, delivery: DeliveryDocument, reason: string): Decide {
  const updatedAt = context.clock.now();
  const next = (current: DeliveryDocument): DeliveryDocument => ({
    ...current,
    state: 'cancelled',
    nextAttemptAt: null,
    reason,
    updatedAt,
  });
  return () => record(context, { work, delivery, place: null, next });
}

/** What GitHub answered, or what is known without asking it. Everything but the record is done here, once. */
async function answered(
  context: DispatchContext,
  work: SendWork,
  claimed: Extract<Claim, { readonly kind: 'refuse' | 'retry' | 'hold' | 'send' }>,
  answer: DispatchAnswer,
): Promise<Decide> {
  const { store, clock, retry, pace, count, onDispatched } = context;
  const { delivery } = claimed;
  const nowMs = clock.now();
  const jitter = retry.random();
  const next = (current: DeliveryDocument): DeliveryDocument =>
    afterAttempt(current, answer, nowMs, { ...retry, random: () => jitter });
  const { state, nextAttemptAt } = next(delivery);
  count(state === 'pending' ? 'deliveries.retried' : `deliveries.${state}`);
  if (state === 'dispatched' && delivery.readyAt !== undefined) onDispatched(nowMs - delivery.readyAt);
  const place = claimed.kind === 'send' || claimed.kind === 'hold' ? claimed : null;
  if (answer.kind === 'limited' && place && nextAttemptAt !== null)
    await pace.hush(place.installationId, nextAttemptAt, nowMs);
  if (answer.repository !== undefined)
    await noteRepository(store, delivery.consumer, nowMs, { fullName: answer.repository });
  const news = answer.kind === 'refused' && answer.transferred ? await newsOfTransfer(context, delivery, answer) : [];
  return async () => {
    const { messages = [], ...outcome } = await record(context, { work, delivery, place, next });
    return { ...outcome, messages: [...messages, ...news] };
  };
}

/** The repository has another owner, and no webhook has told so: what GitHub says of it now is news for the directory. */
async function newsOfTransfer(
  { github, clock }: DispatchContext,
  { consumer, repository, deliveryId }: DeliveryDocument,
  answer: DispatchAnswer,
): Promise<BusMessage[]> {
  const found = await github.findRepository(answer.repository ?? repository).catch(() => null);
  if (found?.id !== repositoryIdOf(consumer)) return [];
  const { id, fullName, owner, ownerId, archived, installationId } = found;
  const changedAt = clock.now();
  return [
    directoryHint(
      {
        kind: 'repository',
        action: 'transferred',
        repository: { id, fullName },
        owner,
        ownerId,
        archived,
        installationId,
        changedAt,
      },
      `dispatch:${deliveryId}`,
    ),
  ];
}
