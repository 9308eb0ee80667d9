export { classifyAnswer } from './classify-answer.ts';
export { RestGateway, type GatewayOptions } from './gateway.ts';
export { readPrivateKey } from './private-key.ts';
export { redact } from './redact.ts';
export type { RedeliveryProgress } from './redelivery/progress.ts';
export { redeliverMissedWebhooks, type Redelivered } from './redelivery/redeliver-missed-webhooks.ts';
export { requestProofs, type ProofSettings, type RequestProofs } from './request-proofs.ts';
export { signatureVerifier } from './verify-signature.ts';
export { workflowTokenVerifier, type TokenRules } from './verify-workflow-token.ts';
