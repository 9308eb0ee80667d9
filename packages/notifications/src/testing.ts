// For benchmarks: the steps of sending, one by one.
export { config as testConfig, error as testError, info as testInfo, onCommit } from './golden/play.ts';
export { startExchange, type ProviderConfig, type ProviderType } from './providers/provider-type.ts';
export { providerTypes } from './providers/table.ts';
export { sendEvent } from './sending/send-event.ts';
