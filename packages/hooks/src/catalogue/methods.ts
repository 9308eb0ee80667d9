import { methodsOfServices, type OperationName } from '@zekt/contracts';

const methodOfOperation: ReadonlyMap<string, string> = new Map(
  Object.entries(methodsOfServices).flatMap(([service, methods]) =>
    Object.entries(methods).flatMap(([method, operations]: readonly [string, readonly OperationName[]]) =>
      operations.map((operation) => [operation, `/${service}/${method}`] as const),
    ),
  ),
);

/** The method of an operation; null for those that no hook may look at or stop. */
export const methodOf = (operation: OperationName): string | null => methodOfOperation.get(operation) ?? null;
