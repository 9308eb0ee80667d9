import { onTimer } from './on-timer.ts';

/** Messages that wait for a completion that does not come, or that a decision has missed. */
onTimer('sweepMessages');
