export type * from './generated/bodies.ts';
export { createHookHandler, type HookHandler, type HookHandlerOptions } from './create-hook-handler.ts';
export { ForwardedError, forwardError } from './forward-error.ts';
export type { HookFunctionCall } from './read-call.ts';
export { MemoryReplayStore, type Claim, type ReplayStore } from './replay-store.ts';
export { sendTestCall, type TestCall } from './send-test-call.ts';
export { toNodeListener } from './to-node-listener.ts';
export { sign, verifySignature, type Verification } from './signature.ts';
