import { operations, type Operation, type OperationName } from '@zekt/contracts';
import { requireManager } from './authenticate.ts';
import type { Call } from './call.ts';
import * as services from './manage-services.ts';
import * as subscriptions from './manage-subscriptions.ts';
import * as operate from './operate.ts';
import * as history from './read-history.ts';
import { receiveEvent } from './receive-event.ts';
import { receiveWebhook } from './receive-webhook.ts';
import { completeDelivery, confirmDelivery } from './track-deliveries.ts';

/** Answers with a body of the operation's schema, or with a Response of its own. Throws ZektError to refuse. */
export type RouteHandler = (call: Call) => Promise<object>;

export interface Route extends Operation {
  readonly name: OperationName;
  readonly handler: RouteHandler;
}

const handlers: Readonly<Record<OperationName, RouteHandler>> = {
  receiveEvent,
  receiveWebhook,
  confirmDelivery,
  completeDelivery,
  replayDelivery: operate.replay,
  reviveDeadLetter: operate.reviveDeadLetter,
  diagnoseConnection: operate.diagnoseConnection,
  putService: services.put,
  getService: services.get,
  deleteService: services.remove,
  listServices: services.list,
  requestSubscription: subscriptions.request,
  listSubscriptions: subscriptions.list,
  getSubscription: subscriptions.get,
  deleteSubscription: subscriptions.remove,
  approveSubscription: subscriptions.approve,
  rejectSubscription: subscriptions.reject,
  revokeSubscription: subscriptions.revoke,
  applyResources: services.apply,
  listRuns: history.listRuns,
  getRun: history.getRun,
  listDeliveries: history.listDeliveries,
  listDeadLetters: history.listDeadLetters,
  getDelivery: history.readDelivery,
  listEvents: history.listEvents,
  diagnose: operate.diagnose,
  getStats: operate.stats,
  getHealth: operate.health,
  getReadiness: operate.readiness,
  getOpenApi: operate.openApi,
};

/** Who calls is checked here for managers; workflows and GitHub prove themselves to their handlers, which need what they prove. */
function guarded(operation: Operation, handler: RouteHandler): RouteHandler {
  if (operation.caller !== 'management') return handler;
  return async (call) => {
    requireManager(call.zekt, call.request);
    return handler(call);
  };
}

/** Every route: what the contract says, and what answers it. */
export const routes: readonly Route[] = (Object.entries(operations) as [OperationName, Operation][]).map(
  ([name, operation]) => ({
    name,
    ...operation,
    handler: guarded(operation, handlers[name]),
  }),
);
