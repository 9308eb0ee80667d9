export { fuzz, type Fuzzed } from './fuzz/fuzz.ts';
export { storm, type Storm, type StormAccount } from './storm/stale-read-storm.ts';
