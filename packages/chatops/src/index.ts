export { answerOutcome, asRefusal, type ClickAnswer } from './approval/answer-click.ts';
export { findApproval, type ApprovalDocument, type Decision, type Requester } from './approval/approval-document.ts';
export type { ApprovalsContext } from './approval/approvals-context.ts';
export { cancelApproval, decide, type Outcome } from './approval/decide.ts';
export { approvalsHandler } from './approval/handle-work.ts';
export { presentApproval } from './approval/present-approval.ts';
export { requestApproval, type NewApproval } from './approval/request-approval.ts';
export { SigningKeys, type SigningSecret } from './approval/signing-keys.ts';
export { cardForms, cardOf, type CardForm } from './cards/card-of.ts';
export { listChannels, putChannel, removeChannel } from './channel.ts';
export { checkChannels } from './check-channels.ts';
export { createChatops, type Chatops, type ChatopsOptions } from './create-chatops.ts';
export { listIdentities, removeIdentity } from './identity/list-identities.ts';
export { putIdentity } from './identity/put-identity.ts';
export { botCaller } from './clicks/bot-caller.ts';
export { answerCardAction, type CardAnswer } from './clicks/card-action.ts';
export { cardFailure } from './clicks/card-failure.ts';
export { entraCaller } from './clicks/entra-caller.ts';
export { legacyCaller } from './clicks/legacy-caller.ts';
export { evidenceKeys, evidenceOf } from './evidence.ts';
export {
  confirmLinkOnPage,
  decideOnPage,
  followLink,
  linkOnPage,
  linkPage,
  pagePath,
  showPage,
  signOut,
} from './page/approval-page.ts';
export { renderMessage } from './page/render-document.ts';
export { style } from './page/style.ts';
export { entraProvider } from './sign-in/entra-provider.ts';
export { gitHubProvider } from './sign-in/github-provider.ts';
export { finishSignIn } from './sign-in/finish-sign-in.ts';
export { startSignIn } from './sign-in/sign-in.ts';
