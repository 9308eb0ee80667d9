// For tests and the torture run: the loop under every order, repetition and crash.
export * from './interleavings.ts';
export * from './scenarios.ts';
