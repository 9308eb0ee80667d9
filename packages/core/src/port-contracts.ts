// What every adapter of a port must keep, as jest suites.
export * from './ports/bus.contract.ts';
export * from './ports/document-store.contract.ts';
