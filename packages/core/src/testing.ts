// For tests and tools that need exact time.
export * from './ports/manual-clock.ts';
export * from './ports/crashes.ts';
