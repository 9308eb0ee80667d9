import { limits, type ContractName, type Operation } from '@zekt/contracts';
import { hookHeaders, hookRequest, hookResponse, isHooked, methodOf, type MethodCall } from '@zekt/hooks';
import { acceptContract, unchanged } from './accept-contract.ts';
import { requireManager, requireParty, requireReporter, requireWorkflow, sameSender } from './authenticate.ts';
import type { Call } from './call.ts';
import { workflowCall, operatorCall } from './method-call.ts';
import { hasBody, parseJson, readBytes, textOf } from './read-body.ts';
import type { Route } from './routes.ts';

/** A call with what hooks have made of its request, and what they make of its answer. */
export interface Hooked {
  readonly call: Call;
  readonly answer: (body: object) => Promise<object>;
}

/**
 * Runs the hooks of a route's method: on the request once its sender is known and before its own handler checks anything, on the answer once
 * that went well. What the caller may do is judged by the handler, of the request as hooks have left it.
 *
 * Messages and webhooks come here by one of several ways; they run their hooks where they are kept.
 *
 * @throws ZektError of authentication; HookFailure
 */
export async function hooksAround(route: Route, call: Call): Promise<Hooked> {
  const untouched: Hooked = { call, answer: async (body) => body };
  const fullMethod = methodOf(route.name);
  const { hooks } = call.zekt;
  if (fullMethod === null || hooks.isOff || isIntake(route)) return untouched;
  const method = await methodCallOf(route, call, fullMethod);
  const [ofRequest, ofResponse] = [await isHooked(hooks, 'request', method), await isHooked(hooks, 'response', method)];
  if (!ofRequest && !ofResponse) return untouched;
  const { call: hooked, request } = await withRequestHooks(route, call, method);
  return {
    call: hooked,
    answer: async (body) => {
      const { answer } = route as Operation;
      if (!('schema' in answer)) return body;
      const [schema, otherSchema] = [acceptContract(answer.schema), answer.otherSchema];
      return hookResponse<object>(hooks, method, request, body, (given) => {
        const taken = schema(given);
        return typeof taken === 'string' && otherSchema ? acceptContract(otherSchema)(given) : taken;
      });
    },
  };
}

const isIntake = ({ name }: Route): boolean => name === 'receiveEvent' || name === 'receiveWebhook';

/** @throws ZektError of authentication */
async function methodCallOf({ caller }: Route, call: Call, fullMethod: string): Promise<MethodCall> {
  const { zekt, request, requestId, params } = call;
  const facts = {
    requestId,
    headers: hookHeaders(request.headers),
    params: { ...Object.fromEntries(new URL(request.url).searchParams), ...params },
  };
  if (caller === 'workflow') return workflowCall(fullMethod, await requireWorkflow(zekt, request), facts);
  if (caller === 'party') {
    const party = await requireParty(zekt, request);
    return party.kind === 'workflow'
      ? workflowCall(fullMethod, party.identity, facts)
      : operatorCall(fullMethod, facts);
  }
  if (caller === 'reporter') requireReporter(zekt, request);
  else requireManager(zekt, request);
  return operatorCall(fullMethod, facts);
}

/** The bodies that are larger than others. */
const limitOf = ({ name }: Route): number =>
  name === 'receiveNotificationEvent' ? limits.bodyOfNotificationEvent.value : limits.bodyOfRequest.value;

async function withRequestHooks(
  route: Route,
  call: Call,
  method: MethodCall,
): Promise<{ readonly call: Call; readonly request: unknown }> {
  const { zekt, request } = call;
  const contract: ContractName | undefined = (route as Operation).request;
  if (contract === undefined) {
    const nothing = {};
    await hookRequest(zekt.hooks, method, nothing, unchanged(nothing));
    return { call, request: nothing };
  }
  const isGiven = hasBody(request);
  const given: unknown = isGiven ? parseJson(textOf(await readBytes(request, limitOf(route)))) : {};
  const made = await hookRequest<unknown>(zekt.hooks, method, given, acceptContract(contract));
  if (!isGiven && made === given) return { call, request: given };
  return { call: { ...call, request: withBody(request, made) }, request: made };
}

function withBody(request: Request, value: unknown): Request {
  const body = JSON.stringify(value);
  const headers = new Headers(request.headers);
  headers.delete('transfer-encoding');
  headers.set('content-length', String(Buffer.byteLength(body)));
  const made = new Request(request.url, { method: request.method, headers, body });
  sameSender(request, made);
  return made;
}
