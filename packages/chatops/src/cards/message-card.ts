import { guidOf } from '@zekt/core';
import type { ApprovalDocument } from '../approval/approval-document.ts';
import type { ApprovalsContext } from '../approval/approvals-context.ts';
import { actionLink, pageLink } from '../approval/links.ts';
import { typedCommentBody } from '../clicks/read-click.ts';
import { visibleText } from '../visible-text.ts';
import { cardContent, type CardContent } from './card-content.ts';
import { escapeFact, escapeLine, escapeLines } from './escape-text.ts';
import { fitCard } from './fit-card.ts';

type LinkContext = Pick<ApprovalsContext, 'keys' | 'publicUrl'>;

/**
 * A MessageCard ("Legacy actionable message card reference"): with `HttpPOST` buttons while the question is open, without them after. The
 * decision travels in the target, never in the body: a comment with a quotation mark would break that.
 */
export function messageCard(context: LinkContext, approval: ApprovalDocument): object {
  const view = {
    '@type': 'OpenUri',
    name: 'View in Zekt',
    targets: [{ os: 'default', uri: pageLink(context, approval) }],
  };
  const buttons = (isOpen: boolean): object[] =>
    isOpen ? [approveButton(context, approval), rejectButton(context, approval), view] : [view];
  return fitCard(cardContent(approval), (content) => ({
    '@type': 'MessageCard',
    '@context': 'https://schema.org/extensions',
    summary: plainLine(content.summary),
    themeColor: '0B5FFF',
    title: escapeLine(content.heading),
    correlationId: guidOf('card', approval.id),
    sections: [section(content)],
    potentialAction: buttons(content.isOpen),
  }));
}

/** Shown in notifications, which know no mark-up. */
const plainLine = (text: string): string => visibleText(text.replace(/\s+/g, ' ').trim());

const section = ({ title, subtitle, text, facts }: CardContent): object => ({
  activityTitle: escapeLine(title),
  activitySubtitle: escapeLine(subtitle),
  ...(text !== '' && { text: escapeLines(text) }),
  facts: facts.map((fact) => ({ name: escapeLine(fact.name), value: escapeFact(fact) })),
});

const approveButton = (context: LinkContext, approval: ApprovalDocument): object => ({
  '@type': 'HttpPOST',
  name: 'Approve',
  bodyContentType: 'application/json',
  body: '{}',
  target: actionLink(context, approval, 'approve'),
});

const rejectButton = (context: LinkContext, approval: ApprovalDocument): object => {
  const isRequired = approval.policy.requireRejectComment;
  return {
    '@type': 'ActionCard',
    name: 'Reject',
    inputs: [
      {
        '@type': 'TextInput',
        id: 'reason',
        title: isRequired ? 'Reason' : 'Reason (optional)',
        isMultiline: true,
        maxLength: 500,
        isRequired,
      },
    ],
    actions: [
      {
        '@type': 'HttpPOST',
        name: 'Reject now',
        bodyContentType: 'application/json',
        body: typedCommentBody('reason'),
        target: actionLink(context, approval, 'reject'),
      },
    ],
  };
};
