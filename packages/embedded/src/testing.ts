// For tests and the torture run: the loop under every order, repetition and crash; the file under power cuts.
export * from './interleavings.ts';
export * from './one-run.ts';
export * from './scenarios.ts';
export { cutPower } from './power-cut/cut-power.ts';
