import { operations, type Operation, type OperationName } from '@zekt/contracts';
import * as pages from './approval-page.ts';
import * as approvals from './approvals.ts';
import { requireManager } from './authenticate.ts';
import type { Call } from './call.ts';
import { approveByCard, rejectByCard } from './card-actions.ts';
import * as hooks from './manage-hooks.ts';
import * as hookEvents from './manage-hook-events.ts';
import * as hookKeys from './manage-hook-keys.ts';
import * as identities from './manage-identities.ts';
import * as notifications from './manage-notifications.ts';
import * as channels from './manage-channels.ts';
import * as services from './manage-services.ts';
import * as subscriptions from './manage-subscriptions.ts';
import * as operate from './operate.ts';
import * as history from './read-history.ts';
import { fromRequest } from './incoming.ts';
import { conclude, judge, type Intake } from './intake.ts';
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
  receiveEvent: throughRequest(receiveEvent),
  receiveWebhook: throughRequest(receiveWebhook),
  confirmDelivery,
  completeDelivery,
  replayDelivery: operate.replay,
  reviveDeadLetter: operate.reviveDeadLetter,
  reviveDeadLetters: operate.reviveDeadLetters,
  redrive: operate.redrive,
  redeliverWebhooks: operate.redeliverWebhooks,
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
  leaveSubscription: subscriptions.leave,
  inviteToService: services.makeInvitation,
  requestApproval: approvals.request,
  listApprovals: approvals.list,
  getApproval: approvals.get,
  cancelApproval: approvals.cancel,
  decideApproval: approvals.decideAsOperator,
  getApprovalCard: approvals.card,
  getApprovalEvidence: approvals.evidence,
  getEvidenceKeys: approvals.keys,
  approveByCard,
  rejectByCard,
  showApprovalPage: pages.show,
  decideOnPage: pages.decide,
  startSignIn: pages.beginSignIn,
  finishSignIn: pages.endSignIn,
  linkAccount: pages.linkAccount,
  showLinkedAccounts: pages.showLinkedAccounts,
  confirmLinkedAccounts: pages.confirmLinkedAccounts,
  signOut: pages.signOut,
  getPageStyle: pages.styleSheet,
  listChannels: channels.list,
  deleteChannel: channels.remove,
  listIdentities: identities.list,
  deleteIdentity: identities.remove,
  putSecret: channels.putSecret,
  listSecrets: channels.listSecrets,
  deleteSecret: channels.removeSecret,
  applyResources: services.apply,
  receiveNotificationEvent: notifications.receiveEvent,
  listNotifications: notifications.list,
  getNotification: notifications.get,
  replayNotification: notifications.replay,
  listProviders: notifications.listProviders,
  deleteProvider: notifications.deleteProvider,
  testProvider: notifications.tryProvider,
  listAlerts: notifications.listAlerts,
  deleteAlert: notifications.deleteAlert,
  putHookTarget: hooks.putTarget,
  getHookTarget: hooks.getTarget,
  deleteHookTarget: hooks.deleteTarget,
  searchHookTargets: hooks.findTargets,
  rotateHookKey: hookKeys.rotate,
  testHookTarget: hooks.tryTarget,
  addHookPublicKey: hookKeys.add,
  activateHookPublicKey: hookKeys.activate,
  deactivateHookPublicKey: hookKeys.deactivate,
  removeHookPublicKey: hookKeys.remove,
  putHookExecution: hooks.putExecution,
  searchHookExecutions: hooks.findExecutions,
  explainHook: hooks.explainTrigger,
  listHookDeliveries: hookEvents.listDeliveries,
  listHookDeadLetters: hookEvents.listLost,
  replayHookDeadLetter: hookEvents.replay,
  listHookMethods: hooks.listMethods,
  listHookServices: hooks.listServices,
  listHookFunctions: hooks.listFunctions,
  listHookEvents: hooks.listEvents,
  getHookKeys: hookKeys.published,
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

/** Both halves of an intake, one after the other. */
function throughRequest(intake: Intake): RouteHandler {
  return async (call) => conclude(intake, call, await judge(intake, call.zekt, fromRequest(call.request)));
}

/** Who calls is checked here for managers; everybody else proves themselves to the handler, which needs what they prove. */
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
