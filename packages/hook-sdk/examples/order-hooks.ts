import { createHookHandler, forwardError, MemoryReplayStore, type HookHandler } from '@zekt/hook-sdk';

const costCentres: Readonly<Record<string, string>> = { acme: 'CC-100', contoso: 'CC-200' };
const mostExpensive = 10_000;

/** Adds the sender's cost centre to each order, and stops those that are too large. */
export const orderHooks = (keys: readonly string[], note: (line: string) => void = console.log): HookHandler =>
  createHookHandler({
    keys,
    replayStore: new MemoryReplayStore(),
    onRequest: ({ fullMethod, repository, request }) => {
      if (fullMethod !== '/zekt.event.v1.EventService/ReceiveEvent') return undefined;
      const { amount } = request.payload ?? {};
      if (typeof amount === 'number' && amount > mostExpensive)
        forwardError(422, `An order may cost ${mostExpensive} at most; this one costs ${amount}.`);
      const costCentre = costCentres[repository?.split('/')[0] ?? ''];
      if (costCentre === undefined) return undefined;
      return { ...request, payload: { ...request.payload, costCentre } };
    },
    onEvent: ({ eventType, payload }) => note(`${eventType}: ${payload.summary}`),
    onError: (error) => note(String(error)),
  });
