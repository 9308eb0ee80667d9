import { isSamePerson } from '../identity/person-accounts.ts';
import type { Account } from '../identity/account.ts';
import type { ApprovalDocument, Vote } from './approval-document.ts';
import type { ApprovalsContext } from './approvals-context.ts';
import { voteKey, type VoteChecks } from './machine.ts';
import { standingOf, type Standing } from './may-decide.ts';

const reasons: Readonly<Record<Exclude<Standing['kind'], 'mayDecide'>, string>> = {
  isRequester: 'They are known to have started the run by now.',
  isSuspended: 'An operator suspended their identity.',
  notAsked: 'They are not among those who may decide any more.',
};

/**
 * Finds out whether votes still count: whoever gave them must be one of those who may decide now, and two accounts of one person are one
 * vote, the later one.
 *
 * @param freshFrom memberships that GitHub told of before this time (ms) do not do
 * @throws what asking GitHub throws: then nothing is known
 */
export async function checkVotes(
  context: Pick<ApprovalsContext, 'store' | 'memberships'>,
  approval: ApprovalDocument,
  votes: readonly Vote[],
  freshFrom: number,
): Promise<VoteChecks> {
  const standings = await Promise.all(
    votes.map(({ actor, groups }) => standingOf(context, approval, { actor, groups }, freshFrom)),
  );
  const seen: (readonly Account[])[] = [];
  const checks = new Map<string, string | null>();
  for (const [index, vote] of [...votes.entries()].toReversed()) {
    const standing = standings[index];
    if (standing?.kind !== 'mayDecide') {
      checks.set(voteKey(vote), reasons[standing?.kind ?? 'notAsked']);
      continue;
    }
    const { accounts } = standing;
    const isAgain = seen.some((other) => isSamePerson(other, accounts));
    checks.set(voteKey(vote), isAgain ? 'The same person approved later, with another account.' : null);
    seen.push(accounts);
  }
  return checks;
}
