import { onQueue } from './on-queue.ts';

onQueue('hooks');
