import type { ApprovalDocument } from './approval-document.ts';
import type { ApprovalsContext } from './approvals-context.ts';
import { makeLinkToken, type LinkPurpose } from './link-token.ts';

type LinkContext = Pick<ApprovalsContext, 'keys' | 'publicUrl'>;

/** The page can be looked at, and a spent button tells what was decided, this long after the question's time is over. */
const readableAfterMs = 30 * 86_400_000;

const tokenFor = ({ keys }: LinkContext, { id, expiresAt }: ApprovalDocument, purpose: LinkPurpose): string =>
  makeLinkToken(keys, id, purpose, expiresAt + readableAfterMs);

/** The page, for whoever can sign in. */
export const pageLink = (context: LinkContext, approval: ApprovalDocument): string =>
  `${context.publicUrl()}/chatops/approvals/${approval.id}?t=${tokenFor(context, approval, 'view')}`;

/** Where a card's button posts to. The answer to it is a card of the same form. */
export function actionLink(
  context: LinkContext,
  approval: ApprovalDocument,
  purpose: 'approve' | 'reject',
  form: 'message' | 'outlook' = 'message',
): string {
  const suffix = form === 'message' ? '' : `&form=${form}`;
  return `${context.publicUrl()}/api/chatops/approvals/${approval.id}/${purpose}?t=${tokenFor(context, approval, purpose)}${suffix}`;
}
