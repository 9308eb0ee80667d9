import type { Approval, ApprovalEvidence, ApprovalPage, ApprovalRequest, Card, JsonWebKeySet } from '@zekt/contracts';
import {
  answerOutcome,
  asRefusal,
  cancelApproval,
  cardForms,
  cardOf,
  decide,
  evidenceKeys,
  evidenceOf,
  findApproval,
  presentApproval,
  requestApproval,
  type ApprovalDocument,
  type NewApproval,
} from '@zekt/chatops';
import {
  approvalTimeline,
  getRepository,
  identityRef,
  nameOfParty,
  readTimeline,
  refuseDeep,
  resolveRepository,
  speaksFor,
  ZektError,
  type Party,
  type WorkflowIdentity,
} from '@zekt/core';
import { requireParty } from './authenticate.ts';
import { param, readPaging, type Call } from './call.ts';
import { applyContext } from './manage-services.ts';
import { jsonTextAt } from './json-text-at.ts';
import { contractOf, readBytes, readContract, textOf } from './read-body.ts';
import { readIdempotencyKey } from './receive-event.ts';

/** Two payloads at their longest, with room for escapes. */
const maxRequestBytes = 1_048_576;

const present = ({ zekt }: Call, approval: ApprovalDocument): Approval => presentApproval(zekt.chatops, approval);

/**
 * The approval, for operators and for workflows of the repository that asked, while it has the owner that it had then; to others it is as
 * if there were none.
 */
async function findFor(call: Call, party: Party): Promise<ApprovalDocument> {
  const id = param(call, 'id');
  const approval = (await findApproval(call.zekt.store, id))?.body;
  const requester = approval?.requester ?? null;
  const isTheirs =
    party.kind === 'manager' || (requester && speaksFor(party.identity, requester.ref, requester.ownerId));
  // A consumer's request is the provider's question.
  const isAsked = approval?.subscription === null || party.kind === 'manager';
  if (!approval || !isTheirs || !isAsked) throw new ZektError('not_found', `There is no approval '${id}'.`);
  return approval;
}

export async function request(call: Call): Promise<Approval> {
  const party = await requireParty(call.zekt, call.request);
  const key = readIdempotencyKey(call.request);
  const text = textOf(await readBytes(call.request, maxRequestBytes));
  const asked = contractOf(text, 'ApprovalRequest');
  const payloads = payloadsIn(text, asked);
  if (party.kind === 'workflow')
    call.zekt.fairUse.take('questionsOfRepository', identityRef(party.identity), call.zekt.clock.now());
  const who =
    party.kind === 'workflow'
      ? await forWorkflow(call, party.identity, asked.repository, key)
      : await forManager(call, asked.repository, key);
  return present(call, await requestApproval(call.zekt.chatops, { request: asked, payloads, ...who }));
}

/**
 * Payloads as they were written: what is shown by its digest and dispatched is that text.
 *
 * @throws ZektError `payload_too_deep`
 */
function payloadsIn(text: string, { onApprove, onReject }: ApprovalRequest): NonNullable<NewApproval['payloads']> {
  // First, since what looks for the text goes as deep as it.
  for (const dispatch of [onApprove, onReject]) refuseDeep(dispatch?.payload);
  return {
    approved: jsonTextAt(text, ['onApprove', 'payload']),
    rejected: jsonTextAt(text, ['onReject', 'payload']),
  };
}

type Who = Omit<NewApproval, 'request' | 'payloads'>;

/** @throws ZektError `repository_mismatch` or `repository_not_enabled` */
async function forWorkflow(
  { zekt }: Call,
  identity: WorkflowIdentity,
  named: string | undefined,
  key: string | null,
): Promise<Who> {
  const { repository, runId, runAttempt, actor, actorId } = identity;
  if (named !== undefined && named.toLowerCase() !== repository.toLowerCase())
    throw new ZektError(
      'repository_mismatch',
      `A workflow asks for its own repository: '${named}' is not '${repository}'.`,
    );
  const ref = identityRef(identity);
  const known = await getRepository(zekt.store, ref);
  if (!known || known.deleted || known.installationId === null || !speaksFor(identity, ref, known.ownerId))
    throw new ZektError(
      'repository_not_enabled',
      `Repository not enabled in Zekt: install the Zekt GitHub App on '${repository}'.`,
    );
  return {
    requester: { repository, ref, ownerId: known.ownerId, runId, runAttempt, actor, actorId },
    repository: { ...known, installationId: known.installationId },
    key: key === null ? null : `run:${runId}:${runAttempt}:${key}`,
  };
}

async function forManager(call: Call, named: string | undefined, key: string | null): Promise<Who> {
  return {
    requester: null,
    repository: named === undefined ? null : await resolveRepository(applyContext(call), named),
    key: key === null ? null : `manager:${key}`,
  };
}

export async function get(call: Call): Promise<Approval> {
  return present(call, await findFor(call, await requireParty(call.zekt, call.request)));
}

export async function list(call: Call): Promise<ApprovalPage> {
  const { store, clock } = call.zekt;
  const page = await readTimeline<{ id: string }>(store, approvalTimeline, clock.now(), readPaging(call));
  const found = await Promise.all(page.items.map(({ id }) => findApproval(store, id)));
  return { items: found.filter((it) => it !== null).map(({ body }) => present(call, body)), next: page.next };
}

export async function cancel(call: Call): Promise<Approval> {
  const party = await requireParty(call.zekt, call.request);
  const { id } = await findFor(call, party);
  const evenInDoubt = party.kind === 'manager';
  return present(call, await cancelApproval(call.zekt.chatops, id, nameOfParty(party), { evenInDoubt }));
}

/** The operator decides, whoever was asked: recorded as such. */
export async function decideAsOperator(call: Call): Promise<Approval> {
  const { decision, comment = '' } = await readContract(call.request, 'ApprovalDecisionRequest');
  const found = await findFor(call, { kind: 'manager' });
  const outcome = await decide(call.zekt.chatops, found, {
    decision,
    person: { actor: { provider: 'operator', id: 'operator', tenant: null, name: 'operator' }, groups: [] },
    comment,
    via: 'management',
    requestId: null,
  });
  const refusal = asRefusal(answerOutcome(outcome));
  if (refusal) throw refusal;
  return present(call, outcome.approval);
}

export async function card(call: Call): Promise<Card> {
  const approval = await findFor(call, await requireParty(call.zekt, call.request));
  const wanted = new URL(call.request.url).searchParams.get('form') ?? 'adaptive';
  const form = cardForms.find((it) => it === wanted);
  if (!form)
    throw new ZektError(
      'invalid_query',
      `'form' must be one of ${cardForms.join(', ')}; got '${wanted.slice(0, 20)}'.`,
    );
  return cardOf(call.zekt.chatops, approval, form);
}

export async function evidence(call: Call): Promise<ApprovalEvidence> {
  const approval = await findFor(call, await requireParty(call.zekt, call.request));
  return { jws: await evidenceOf(call.zekt.chatops, approval) };
}

export const keys = async ({ zekt }: Call): Promise<JsonWebKeySet> => evidenceKeys(zekt.chatops.keys);
