import type { HookTargetSpec } from '@zekt/contracts';
import { goDurationMs } from '@zekt/core';

/** The longest that a target may be waited for (ms). */
export const longestTimeoutMs = 270_000;

/** What a target could never be, beyond its contract; null when nothing is wrong. */
export function targetProblem({ type, timeout, endpoint, interruptOnError }: HookTargetSpec): string | null {
  const timeoutMs = goDurationMs(timeout);
  if (timeoutMs <= 0 || timeoutMs > longestTimeoutMs)
    return `'timeout' must be more than 0 and at most ${longestTimeoutMs / 1000}s; got '${timeout}'.`;
  if (type === 'restAsync' && interruptOnError === true)
    return "'interruptOnError' has no meaning for restAsync: what is not waited for stops nothing.";
  const url = URL.parse(endpoint);
  if (!url || !['http:', 'https:'].includes(url.protocol)) return "'endpoint' must be an http or https URL.";
  if (url.username !== '' || url.password !== '') return "'endpoint' must have no user name and no password.";
  return null;
}
