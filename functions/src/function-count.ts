import { operations } from '@zekt/contracts';
import { queues } from '@zekt/core';
import { timers } from './timers.ts';

/** How many functions the app registers: the routes and the answer to any other, the queues, the outbox's relay, the timers. */
export const functionCount = Object.keys(operations).length + 1 + queues.length + 1 + Object.keys(timers).length;
