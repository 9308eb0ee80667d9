import { ActionError } from '../action-error.ts';

/** What this action reads of an approval. */
export interface Approval {
  readonly id: string;
  readonly state: string;
  readonly url: string;
  readonly comment: string;
  readonly approver: string;
  /** When the question ends; empty when the server does not say. */
  readonly expiresAt: string;
}

const openStates: readonly string[] = ['pending', 'dispatching', 'inDoubt'];

/** It may still change. `inDoubt`: decided, and GitHub has not confirmed that it was told. */
export const isOpen = ({ state }: Pick<Approval, 'state'>): boolean => openStates.includes(state);

/** @throws ActionError when the answer is of something else */
export function readApproval(answer: Record<string, unknown>): Approval {
  const { id, state, url, decision, expiresAt } = answer;
  if (typeof id !== 'string' || typeof state !== 'string' || typeof url !== 'string')
    throw new ActionError(
      "The answer is no approval. Check that 'zekt-api-url' is a Zekt server that takes approvals.",
    );
  const vote = (decision ?? {}) as { comment?: unknown; actor?: { name?: unknown; id?: unknown } };
  const name = vote.actor?.name ?? vote.actor?.id;
  return {
    id,
    state,
    url,
    comment: typeof vote.comment === 'string' ? vote.comment : '',
    approver: typeof name === 'string' ? name : '',
    expiresAt: typeof expiresAt === 'string' ? expiresAt : '',
  };
}
