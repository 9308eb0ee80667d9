import type { ApprovalDocument } from '../approval/approval-document.ts';
import type { ApprovalsContext } from '../approval/approvals-context.ts';
import { actionLink, pageLink } from '../approval/links.ts';
import { typedCommentBody } from '../clicks/read-click.ts';
import { cardContent, type CardContent } from './card-content.ts';
import { escapeFact, escapeLine, escapeLines } from './escape-text.ts';
import { fitCard } from './fit-card.ts';

type LinkContext = Pick<ApprovalsContext, 'keys' | 'publicUrl'>;

const schema = 'http://adaptivecards.io/schemas/adaptive-card.json';

function body({ heading, title, subtitle, text, facts }: CardContent): object[] {
  return [
    {
      type: 'TextBlock',
      size: 'Medium',
      weight: 'Bolder',
      wrap: true,
      text: `${escapeLine(heading)}: ${escapeLine(title)}`,
    },
    { type: 'TextBlock', isSubtle: true, wrap: true, spacing: 'None', text: escapeLine(subtitle) },
    ...(text === '' ? [] : [{ type: 'TextBlock', wrap: true, text: escapeLines(text) }]),
    { type: 'FactSet', facts: facts.map((fact) => ({ title: escapeLine(fact.name), value: escapeFact(fact) })) },
  ];
}

/** For places where a button can only open a page: Teams by way of Workflows. */
export function adaptiveCard(context: LinkContext, approval: ApprovalDocument): object {
  return fitCard(cardContent(approval), (content) => ({
    $schema: schema,
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: body(content),
    actions: [
      {
        type: 'Action.OpenUrl',
        title: content.isOpen ? 'Review and decide' : 'View in Zekt',
        url: pageLink(context, approval),
      },
    ],
  }));
}

/** In the envelope that the Workflows webhook ("When a Teams webhook request is received") takes. */
export const workflowsMessage = (context: LinkContext, approval: ApprovalDocument): object => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      contentUrl: null,
      content: adaptiveCard(context, approval),
    },
  ],
});

const actionHeaders = [{ name: 'Content-Type', value: 'application/json' }];

/**
 * For Outlook's actionable messages. `Action.Http` works only there, and not in a card of version 1.4 or above; Outlook replaces the
 * comment's `{{…}}` just before it posts.
 */
export function outlookCard(context: LinkContext, approval: ApprovalDocument): object {
  const isRequired = approval.policy.requireRejectComment;
  const view = { type: 'Action.OpenUrl', title: 'View in Zekt', url: pageLink(context, approval) };
  const decide = [
    {
      type: 'Action.Http',
      title: 'Approve',
      method: 'POST',
      url: actionLink(context, approval, 'approve', 'outlook'),
      headers: actionHeaders,
      body: '{}',
    },
    {
      type: 'Action.ShowCard',
      title: 'Reject',
      card: {
        type: 'AdaptiveCard',
        body: [
          {
            type: 'Input.Text',
            id: 'reason',
            placeholder: isRequired ? 'Reason' : 'Reason (optional)',
            isMultiline: true,
            maxLength: 500,
          },
        ],
        actions: [
          {
            type: 'Action.Http',
            title: 'Reject now',
            method: 'POST',
            url: actionLink(context, approval, 'reject', 'outlook'),
            headers: actionHeaders,
            body: typedCommentBody('reason'),
          },
        ],
      },
    },
  ];
  return fitCard(cardContent(approval), (content) => ({
    $schema: schema,
    type: 'AdaptiveCard',
    version: '1.0',
    hideOriginalBody: true,
    body: body(content),
    actions: content.isOpen ? [...decide, view] : [view],
  }));
}
