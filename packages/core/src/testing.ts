// For tests of this and other packages: exact time, and the contracts that every adapter of a port must keep.
export * from './ports/bus.contract.ts';
export * from './ports/document-store.contract.ts';
export * from './ports/manual-clock.ts';
