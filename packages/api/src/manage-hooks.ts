import type {
  HookEventNames,
  HookExecution,
  HookExecutionPage,
  HookExplanation,
  HookNames,
  HookTarget,
  HookTargetPage,
  HookTestAnswer,
  Removed,
} from '@zekt/contracts';
import { validate } from '@zekt/contracts';
import { ZektError } from '@zekt/core';
import {
  changeScope,
  executionOf,
  explain,
  noSuchTarget,
  presentExecution,
  presentTarget,
  removeTarget,
  searchExecutions,
  searchTargets,
  targetIn,
  testTarget,
} from '@zekt/hooks';
import { requireParty } from './authenticate.ts';
import { param, type Call } from './call.ts';
import { hasBody, readContract } from './read-body.ts';
import { scopeOfHooks } from './scope-of-hooks.ts';

export async function putTarget(call: Call): Promise<HookTarget> {
  const { zekt, request } = call;
  const { scope, owner } = await scopeOfHooks(call);
  const spec = await readContract(request, 'HookTargetSpec');
  const id = param(call, 'id');
  const resource = { apiVersion: 'zekt.dev/v1', kind: 'Target', metadata: { name: id }, spec };
  const named = validate('HookTargetResource', resource);
  if (!named.ok) throw new ZektError('invalid_body', `Invalid target: ${named.problem}`);
  const { after, madeKeys } = await changeScope(zekt.hooks, scope, { targets: [[id, spec]], executions: [] });
  const target = targetIn(after, id);
  if (!target) throw noSuchTarget(id);
  return presentTarget(id, target, owner, zekt.clock.now(), madeKeys.get(id));
}

export async function getTarget(call: Call): Promise<HookTarget> {
  const { zekt } = call;
  const { scope, owner } = await scopeOfHooks(call);
  const id = param(call, 'id');
  const target = targetIn(await zekt.hooks.scopes.now(scope), id);
  if (!target) throw noSuchTarget(id);
  return presentTarget(id, target, owner, zekt.clock.now());
}

export async function deleteTarget(call: Call): Promise<Removed> {
  const { scope } = await scopeOfHooks(call);
  await removeTarget(call.zekt.hooks, scope, param(call, 'id'));
  return { removed: param(call, 'id') };
}

export async function findTargets(call: Call): Promise<HookTargetPage> {
  const { zekt, request } = call;
  const { scope, owner } = await scopeOfHooks(call);
  const wanted = hasBody(request) ? await readContract(request, 'HookSearchRequest') : {};
  const found = searchTargets(await zekt.hooks.scopes.now(scope), wanted);
  return { items: found.map(([id, target]) => presentTarget(id, target, owner, zekt.clock.now())), next: null };
}

export async function tryTarget(call: Call): Promise<HookTestAnswer> {
  const { scope } = await scopeOfHooks(call);
  return testTarget(call.zekt.hooks, scope, param(call, 'id'));
}

export async function putExecution(call: Call): Promise<HookExecution> {
  const { zekt, request } = call;
  const { scope, owner } = await scopeOfHooks(call);
  const execution = executionOf(await readContract(request, 'HookExecutionSpec'));
  const { after } = await changeScope(zekt.hooks, scope, { targets: [], executions: [execution] });
  return presentExecution(after, execution[0], owner);
}

export async function findExecutions(call: Call): Promise<HookExecutionPage> {
  const { zekt, request } = call;
  const { scope, owner } = await scopeOfHooks(call);
  const wanted = hasBody(request) ? await readContract(request, 'HookExecutionSearchRequest') : {};
  const hooks = await zekt.hooks.scopes.now(scope);
  return { items: searchExecutions(hooks, wanted).map((id) => presentExecution(hooks, id, owner)), next: null };
}

export async function explainTrigger(call: Call): Promise<HookExplanation> {
  const { zekt, request } = call;
  const { scope } = await scopeOfHooks(call);
  const { on } = await readContract(request, 'HookExplainRequest');
  return explain(zekt.hooks, await zekt.hooks.scopes.now(scope), on);
}

export const listMethods = (call: Call): Promise<HookNames> => names(call, 'methods');
export const listServices = (call: Call): Promise<HookNames> => names(call, 'services');
export const listFunctions = (call: Call): Promise<HookNames> => names(call, 'functions');

export async function listEvents(call: Call): Promise<HookEventNames> {
  const { items } = await names(call, 'events');
  return { items, groups: [...call.zekt.hooks.catalogue.groups].sort() };
}

async function names(
  { zekt, request }: Call,
  what: 'methods' | 'services' | 'functions' | 'events',
): Promise<HookNames> {
  await requireParty(zekt, request);
  return { items: [...zekt.hooks.catalogue[what]].sort() };
}
