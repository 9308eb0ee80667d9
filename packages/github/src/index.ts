export { classifyAnswer } from './classify-answer.ts';
export { RestGateway, type GatewayOptions } from './gateway.ts';
export { readPrivateKey } from './private-key.ts';
export { redeliverMissedWebhooks } from './reconcile.ts';
export { redact } from './redact.ts';
export { requestProofs, type ProofSettings, type RequestProofs } from './request-proofs.ts';
export { isSignedBy } from './verify-signature.ts';
export { workflowTokenVerifier, type TokenRules } from './verify-workflow-token.ts';
