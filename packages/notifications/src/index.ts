export { checkProviders } from './check-providers.ts';
export { createNotifications, type Notifications, type NotificationsOptions } from './create-notifications.ts';
export { getNotification, type NotificationDocument } from './delivery/notification-document.ts';
export { notFound as notificationNotFound, replayNotification } from './delivery/replay-notification.ts';
export { mappings } from './event/from-domain-event.ts';
export { notificationTimeline } from './keys.ts';
export { presentNotification } from './present.ts';
export { typesOfProviders } from './providers/table.ts';
export { testProvider } from './test-provider.ts';
