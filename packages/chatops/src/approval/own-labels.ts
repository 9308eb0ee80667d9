import type { ApprovalFact } from '@zekt/contracts';
import { ZektError } from '@zekt/core';
import { visibleText } from '../visible-text.ts';

/** What Zekt itself vouches for on cards and page, folded. Environment and version are the requester's in any case. */
const ownLabels: ReadonlySet<string> = new Set([
  'requestedby',
  'approvals',
  'expires',
  'state',
  'comment',
  'decisions',
  'lastanswerofgithub',
  'payloadsha256',
  'payloadsha256ifapproved',
  'payloadsha256ifrejected',
  'sendsifapproved',
  'sendsifrejected',
  'saidbytherequester',
]);

/** Whatever looks the same to a reader: without case, accents, spaces, punctuation and what can't be seen. */
const folded = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{Default_Ignorable_Code_Point}|[^\p{L}\p{N}]/gu, '');

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
