export { createHooks, type Hooks } from './create-hooks.ts';
export type { Account, HooksOptions } from './hooks-context.ts';
export { instance, scopeOfAccount } from './scope.ts';
export type { Scope } from './executions/hooks-of-scope.ts';
export { conditionOf, readConditionId } from './conditions/condition.ts';
export { applyHooks, executionOf, requireAccount } from './manage/apply-hooks.ts';
export { changeScope } from './manage/change-scope.ts';
export { changeTarget, longestGraceMs, noSuchTarget, removeTarget, rotateKey } from './manage/change-target.ts';
export { explain } from './manage/explain.ts';
export { presentExecution, presentTarget } from './manage/present.ts';
export { searchExecutions, searchTargets } from './manage/search.ts';
export { testTarget } from './manage/test-target.ts';
export {
  activatePublicKey,
  addPublicKey,
  deactivatePublicKey,
  readPublicKey,
  removePublicKey,
} from './targets/public-keys.ts';
export { targetIn } from './executions/hooks-of-scope.ts';
export {
  hookRequest,
  hookResponse,
  isHooked,
  longestChainMs,
  type Accept,
  type MethodCall,
} from './calls/around-method.ts';
export { hookHeaders } from './calls/hook-headers.ts';
export { HookFailure } from './calls/hook-failure.ts';
export { listDeadLetters, replayDeadLetter } from './events/dead-letters.ts';
export { deliveriesTimeline } from './keys.ts';
export { methodOf } from './catalogue/methods.ts';
