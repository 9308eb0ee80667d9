export { AzureBus } from './azure-bus.ts';
export { fromWire, type Parcel } from './envelope.ts';
export * from './layout.ts';
export { openAzure, type Azure } from './open-azure.ts';
export { restartDelayMs, ReturnLater } from './return-later.ts';
export { namesAzure, readAzureSettings, type AzureSettings } from './settings.ts';
