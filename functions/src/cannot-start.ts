import type { InvocationContext } from '@azure/functions';

/** An alert looks for this sentence. */
export const cannotStart = "the app can't start";

/** Opens the app; what keeps it from opening is told to the host's log, with the names of settings that are wrong. */
export const opened = <T>(open: () => Promise<T>, context: Pick<InvocationContext, 'error'>): Promise<T> =>
  open().catch((error: unknown) => {
    context.error(cannotStart, error);
    throw error;
  });
