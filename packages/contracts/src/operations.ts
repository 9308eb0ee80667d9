import { approvalsOperations } from './operations/approvals.ts';
import { directoryOperations } from './operations/directory.ts';
import { hooksOperations } from './operations/hooks.ts';
import { loopOperations } from './operations/loop.ts';
import { notificationsOperations } from './operations/notifications.ts';
import { operateOperations } from './operations/operate.ts';
import type { Operation } from './operations/operation.ts';

export type { Caller, Operation } from './operations/operation.ts';

/** The HTTP surface: the one table from which routes and the OpenAPI document are made. */
export const operations = {
  ...loopOperations,
  ...directoryOperations,
  ...approvalsOperations,
  ...notificationsOperations,
  ...hooksOperations,
  ...operateOperations,
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;
