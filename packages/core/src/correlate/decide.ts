import { serviceOfWorkflow, type Card } from '../directory/card.ts';
import { labelOf, type ServiceDocument } from '../directory/service.ts';
import { publicNameOf } from '../directory/visibility.ts';
import type { RunKey } from '../identity/keys.ts';
import { isStrangersEvent } from '../identity/strangers-run.ts';
import { runItem, type OpaqueIds } from '../identity/opaque.ts';
import type { RunFacts } from '../ports/github.ts';
import type { MessageDocument } from '../receive/message-document.ts';
import { planLanes } from './plan.ts';
import type { Item, Lane, RunDocument } from './run-document.ts';

/** All that a decision depends on, besides the ids' key. The order in which messages and completion came leaves no trace in it. */
export interface Facts {
  readonly run: RunKey;
  readonly facts: RunFacts;
  /** In the order of delivery. */
  readonly messages: readonly MessageDocument[];
  readonly card: Card;
  readonly completedAt: number;
  readonly nowMs: number;
}

/** A decided run with the whole of its plan, before that is cut into pages. */
export interface Decided {
  readonly document: Omit<RunDocument, 'lanes' | 'lanesPerPage' | 'furtherPages'>;
  readonly lanes: readonly Lane[];
}

/** Who gets what of a completed run: its messages, or the run itself where it has none. */
export function decideRun(ids: OpaqueIds, { run, facts, messages, card, completedAt, nowMs }: Facts): Decided {
  const workflow = messages[0]?.workflow ?? facts.workflow;
  const service = workflow === null ? null : serviceOfWorkflow(card, workflow);
  const blocked = obstacleTo(workflow, facts, service);
  const alone: Item = {
    key: runItem,
    eventId: ids.event(run, runItem),
    eventType: service?.eventType ?? '',
    receivedAt: completedAt,
  };
  const items = messages.length === 0 ? [alone] : messages.map(itemOf);
  const lanes = service && blocked === null ? planLanes(items, facts.conclusion, rightsTo(service, card)) : [];
  return {
    document: {
      run,
      facts,
      workflow,
      firstSeenAt: messages[0]?.receivedAt ?? completedAt,
      completedAt,
      decidedAt: nowMs,
      items,
      service: service && {
        id: service.id,
        label: labelOf(service),
        publicName: service.alias === null ? null : publicNameOf(service),
      },
      blocked,
      expired: false,
      deliveries: count(lanes),
    },
    lanes,
  };
}

/**
 * Messages that came after their run was decided: deliveries of their own, behind what the run led to before.
 *
 * @param before the plan so far
 * @param late in the order of delivery
 */
export function addMessages(
  { facts, ...decided }: RunDocument,
  before: readonly Lane[],
  late: readonly MessageDocument[],
  card: Card,
  nowMs: number,
): Decided {
  const workflow = late[0]?.workflow ?? decided.workflow;
  const service = workflow === null ? null : serviceOfWorkflow(card, workflow);
  const items = [...decided.items, ...late.map(itemOf)];
  const blocked = facts ? obstacleTo(workflow, facts, service) : decided.blocked;
  const lanes =
    service && facts && blocked === null
      ? planLanes(items, facts.conclusion, rightsTo(service, card), before, decided.items.length)
      : before;
  return { document: { ...decided, facts, items, blocked, decidedAt: nowMs, deliveries: count(lanes) }, lanes };
}

const itemOf = ({ requestKey, eventId, eventType, receivedAt }: MessageDocument): Item => ({
  key: requestKey,
  eventId,
  eventType,
  receivedAt,
});

const rightsTo = ({ id }: ServiceDocument, { subscriptions }: Card): Card['subscriptions'] =>
  subscriptions.filter(({ serviceId }) => serviceId === id);

const count = (lanes: readonly Lane[]): number => lanes.reduce((sum, { items }) => sum + items.length, 0);

/** Why a run is not delivered, or null. */
function obstacleTo(workflow: string | null, facts: RunFacts, service: ServiceDocument | null): string | null {
  if (!service) return `The workflow '${workflow ?? 'unknown'}' is not allow-listed as a service.`;
  if (service.suspended !== null) return service.suspended;
  if (facts.ownerId !== service.ownerId)
    return 'The repository has another owner than the one who offered the service.';
  return service.allowPullRequests ? null : strangersRun(facts);
}

/** Why a run may have been brought about by somebody who could not push to the repository, or null. What GitHub does not say counts as such. */
function strangersRun({ event, headRepositoryId, repositoryId }: RunFacts): string | null {
  const allow = 'The service can allow such runs with allowPullRequests.';
  if (event === null) return `GitHub does not say what triggered the run, so it may be a stranger's. ${allow}`;
  if (isStrangersEvent(event)) return `Runs of '${event}' may be a stranger's, or of a stranger's code. ${allow}`;
  if (headRepositoryId !== repositoryId) return `The run's code is of another repository. ${allow}`;
  return null;
}
