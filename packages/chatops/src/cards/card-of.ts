import type { ApprovalDocument } from '../approval/approval-document.ts';
import type { ApprovalsContext } from '../approval/approvals-context.ts';
import { adaptiveCard, outlookCard, workflowsMessage } from './adaptive-card.ts';
import { messageCard } from './message-card.ts';

const builders = {
  message: messageCard,
  adaptive: adaptiveCard,
  outlook: outlookCard,
  workflows: workflowsMessage,
} as const;

/** `message`: MessageCard; `adaptive`: Adaptive Card with a link; `outlook`: with `Action.Http`; `workflows`: in Teams' envelope. */
export type CardForm = keyof typeof builders;

export const cardForms = Object.keys(builders) as readonly CardForm[];

export const cardOf = (
  context: Pick<ApprovalsContext, 'keys' | 'publicUrl'>,
  approval: ApprovalDocument,
  form: CardForm,
): object => builders[form](context, approval);
