import { onTimer } from './on-timer.ts';

/** Tells the log what keeps the app from working, every five minutes. */
onTimer('watchHealth');
