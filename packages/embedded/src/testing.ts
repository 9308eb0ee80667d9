// For tests and the torture run: the loop under every order, repetition and crash; the file under power cuts; two regions in a failover.
export * from './interleavings.ts';
export * from './one-run.ts';
export * from './scenarios.ts';
export { cutPower } from './power-cut/cut-power.ts';
export { brokenPromise } from './two-regions/broken-promise.ts';
export { failoverScenarios } from './two-regions/failover-scenarios.ts';
export { playFailover } from './two-regions/play-failover.ts';
