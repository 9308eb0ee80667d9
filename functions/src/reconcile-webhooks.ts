import { onTimer } from './on-timer.ts';

/** GitHub does not send a webhook again by itself: it is asked for those that failed, every so often. */
onTimer('reconcileWebhooks');
