import type { HookHeaders, HookRequestBody } from '@zekt/contracts';
import type { Trigger } from '../conditions/candidates.ts';
import type { Scope } from '../executions/hooks-of-scope.ts';
import { resolve } from '../executions/resolve.ts';
import type { HooksContext } from '../hooks-context.ts';
import { instance } from '../scope.ts';
import { runChain } from './run-chain.ts';
import { zitadelRequest, zitadelResponse, type RequestBody, type ResponseBody } from './zitadel-bodies.ts';

/** Who calls what. */
export interface MethodCall extends Omit<HookRequestBody, 'request' | 'headers'> {
  readonly headers: HookHeaders;
  /** The caller's account, which may have hooks of its own; null: only the operator's run. */
  readonly account: Scope | null;
  /** All request hooks together may take so long (ms), and so may all response hooks. */
  readonly withinMs: number;
}

/** What a hook's answer must be to be taken. */
export type Accept<V> = (answer: unknown) => { readonly value: V } | string;

/** Callers that repeat themselves give up after half a minute. */
export const longestChainMs = 25_000;

/** Whether anything hooks into a method for this caller, in one phase. What nobody hooks into costs no more than this. */
export async function isHooked(
  context: HooksContext,
  phase: 'request' | 'response',
  { fullMethod, account }: Pick<MethodCall, 'fullMethod' | 'account'>,
): Promise<boolean> {
  for (const scope of scopesOf(context, account))
    if (resolve(await context.scopes.of(scope), { phase, method: fullMethod })) return true;
  return false;
}

/**
 * What becomes of a request: by the operator's hooks first, then by those of the caller's account.
 *
 * @throws HookFailure when a hook stops it
 */
export const hookRequest = <V>(context: HooksContext, call: MethodCall, request: V, accept: Accept<V>): Promise<V> =>
  runScopes(context, call, 'request', request, accept, (value, isZitadel) => {
    const body: RequestBody = { ...envelopeOf(call), request: value };
    return isZitadel ? zitadelRequest(body) : body;
  });

/**
 * What becomes of a response. What was done stays done, whatever a hook says.
 *
 * @param request as request hooks have left it
 * @throws HookFailure when a hook keeps it back
 */
export const hookResponse = <V>(
  context: HooksContext,
  call: MethodCall,
  request: unknown,
  response: V,
  accept: Accept<V>,
): Promise<V> =>
  runScopes(context, call, 'response', response, accept, (value, isZitadel) => {
    const body: ResponseBody = { ...envelopeOf(call), request, response: value };
    return isZitadel ? zitadelResponse(body) : body;
  });

const envelopeOf = ({ account: _, withinMs: __, ...envelope }: MethodCall): Omit<HookRequestBody, 'request'> =>
  envelope;

const scopesOf = ({ isOff }: HooksContext, account: Scope | null): readonly Scope[] => {
  if (isOff) return [];
  return account === null ? [instance] : [instance, account];
};

async function runScopes<V>(
  context: HooksContext,
  { fullMethod, account, withinMs }: MethodCall,
  phase: 'request' | 'response',
  given: V,
  accept: Accept<V>,
  bodyOf: (value: V, isZitadel: boolean) => object,
): Promise<V> {
  const trigger: Trigger = { phase, method: fullMethod };
  const deadlineMs = context.clock.now() + withinMs;
  let value = given;
  for (const scope of scopesOf(context, account)) {
    const resolved = resolve(await context.scopes.of(scope), trigger);
    if (!resolved) continue;
    value = await runChain(context, {
      targets: resolved.targets,
      value,
      bodyOf: (it, { spec }) => bodyOf(it, spec.compatibility === 'zitadel'),
      take: (_, answer) => accept(answer),
      deadlineMs,
    });
  }
  return value;
}
