export type * from './generated/types.ts';
export { domainEventTypes } from './domain-event-types.ts';
export { limits, type Limit, type LimitName } from './limits.ts';
export { limitsTable } from './limits-table.ts';
export { openApiDocument } from './openapi.ts';
export { operations, type Caller, type Operation, type OperationName } from './operations.ts';
export { validate, type ContractName, type Contracts, type Validation } from './validate.ts';
export { version } from './version.ts';
