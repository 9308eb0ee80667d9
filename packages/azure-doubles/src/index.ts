export { CosmosDouble, type CosmosFault, type CosmosRequest } from './cosmos/cosmos-double.ts';
export { KeyVaultDouble } from './key-vault/key-vault-double.ts';
export { ServiceBusDouble, type ServiceBusDoubleOptions } from './service-bus/service-bus-double.ts';
export type { QueueOptions } from './service-bus/queue.ts';
export { staleReads } from './cosmos/stale-reads.ts';
export type { QueueTraffic } from './service-bus/traffic.ts';
export { openEntraDoor, type EntraDoor } from './identity/entra-door.ts';
export { IdentityDouble, type IdentityDoubleOptions } from './identity/identity-double.ts';
