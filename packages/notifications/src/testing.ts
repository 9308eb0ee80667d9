// For benchmarks and for what is generated: the steps of sending, one by one, and the examples of the documents.
export { config as testConfig, error as testError, info as testInfo, onCommit } from './testing/play.ts';
export { startExchange, type ProviderConfig, type ProviderType } from './providers/provider-type.ts';
export { providerTypes } from './providers/table.ts';
export { sendEvent } from './sending/send-event.ts';
export { tryExample, wireText } from './testing/doc-example.ts';
