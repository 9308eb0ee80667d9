export { fuzz, type Fuzzed } from './fuzz/fuzz.ts';
