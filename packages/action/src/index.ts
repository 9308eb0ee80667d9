export { ActionError } from './action-error.ts';
export { audienceOf } from './inputs.ts';
export { sendOverHttp, type Send } from './http.ts';
export { systemPatience } from './retry.ts';
export { requestOidcToken } from './oidc-token.ts';
export { sendMessage, type Message, type Receipt } from './send-message.ts';
