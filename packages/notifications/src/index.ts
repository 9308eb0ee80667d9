export { createNotifications, type Notifications, type NotificationsOptions } from './create-notifications.ts';
export { getNotification, notificationTimeline, type NotificationDocument } from './delivery/notification-document.ts';
export { notFound as notificationNotFound, replayNotification } from './delivery/replay-notification.ts';
export { mappings } from './event/from-domain-event.ts';
export { presentNotification } from './present.ts';
export { typesOfProviders } from './providers/table.ts';
export { removeProvider } from './resources/provider-document.ts';
export { testProvider } from './test-provider.ts';
