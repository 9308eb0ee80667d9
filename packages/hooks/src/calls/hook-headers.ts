import type { HookHeaders } from '@zekt/contracts';

/** What hooks may know of a request's headers: never what proves who somebody is. */
const passedOn = ['content-type', 'host', 'origin', 'x-forwarded-for', 'x-forwarded-host'] as const;
const mostChars = 1000;

export const hookHeaders = (headers: { get(name: string): string | null }): HookHeaders =>
  Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, [value.slice(0, mostChars)]]];
    }),
  );
