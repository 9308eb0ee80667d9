import { onTimer } from './on-timer.ts';

/** The second net below the change feed. */
onTimer('sweepOutbox');
