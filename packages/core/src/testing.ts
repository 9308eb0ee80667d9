// For tests and tools that need exact time, crashes and stale reads.
export * from './ports/manual-clock.ts';
export * from './testing/bus-on.ts';
export * from './testing/crashes.ts';
export * from './testing/loop.ts';
export * from './testing/random-from.ts';
export * from './testing/stale-reads.ts';
