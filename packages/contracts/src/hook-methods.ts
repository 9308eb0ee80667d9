import type { OperationName } from './operations.ts';

/**
 * The one table of methods: stable names, whatever becomes of the routes that serve them. A method of two routes would be one thing that is
 * done in two ways.
 */
export const methodsOfServices = {
  'zekt.event.v1.EventService': { ReceiveEvent: ['receiveEvent'], ListEvents: ['listEvents'] },
  'zekt.webhook.v1.WebhookService': { ReceiveWebhook: ['receiveWebhook'] },
  'zekt.run.v1.RunService': { ListRuns: ['listRuns'], GetRun: ['getRun'] },
  'zekt.delivery.v1.DeliveryService': {
    ConfirmDelivery: ['confirmDelivery'],
    CompleteDelivery: ['completeDelivery'],
    ReplayDelivery: ['replayDelivery'],
    ListDeliveries: ['listDeliveries'],
    GetDelivery: ['getDelivery'],
  },
  'zekt.service.v1.ServiceService': {
    PutService: ['putService'],
    GetService: ['getService'],
    DeleteService: ['deleteService'],
    ListServices: ['listServices'],
    InviteToService: ['inviteToService'],
  },
  'zekt.subscription.v1.SubscriptionService': {
    RequestSubscription: ['requestSubscription'],
    ApproveSubscription: ['approveSubscription'],
    RejectSubscription: ['rejectSubscription'],
    RevokeSubscription: ['revokeSubscription'],
    LeaveSubscription: ['leaveSubscription'],
    DeleteSubscription: ['deleteSubscription'],
    ListSubscriptions: ['listSubscriptions'],
    GetSubscription: ['getSubscription'],
  },
  'zekt.approval.v1.ApprovalService': {
    RequestApproval: ['requestApproval'],
    CancelApproval: ['cancelApproval'],
    DecideApproval: ['decideApproval'],
    ListApprovals: ['listApprovals'],
    GetApproval: ['getApproval'],
    GetApprovalCard: ['getApprovalCard'],
    GetApprovalEvidence: ['getApprovalEvidence'],
  },
  'zekt.notification.v1.NotificationService': {
    ReceiveNotificationEvent: ['receiveNotificationEvent'],
    ListNotifications: ['listNotifications'],
    GetNotification: ['getNotification'],
    ReplayNotification: ['replayNotification'],
    ListAlerts: ['listAlerts'],
    DeleteAlert: ['deleteAlert'],
    DeleteProvider: ['deleteProvider'],
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, readonly OperationName[]>>>>;
