import type { ApprovalFact } from '@zekt/contracts';
import { ZektError } from '@zekt/core';
import { folded } from './look-alikes.ts';
import { visibleText } from '../visible-text.ts';

/** What Zekt itself vouches for on cards and page. Environment and version are the requester's in any case. */
const ownLabels: ReadonlySet<string> = new Set(
  [
    'Requested by',
    'Approvals',
    'Expires',
    'State',
    'Comment',
    'Decisions',
    'Last answer of GitHub',
    'Payload SHA-256',
    'Payload SHA-256 if approved',
    'Payload SHA-256 if rejected',
    'Sends if approved',
    'Sends if rejected',
    'Said by the requester',
  ].map(folded),
);

/**
 * A fact of the requester must not pass for one of Zekt's.
 *
 * @throws ZektError `invalid_body`
 */
export function refuseOwnLabels(facts: readonly ApprovalFact[]): void {
  const taken = facts.find(({ name }) => ownLabels.has(folded(name)));
  if (taken)
    throw new ZektError(
      'invalid_body',
      `Invalid facts: '${visibleText(taken.name)}' is a name of Zekt's own. Choose another.`,
    );
}
