import { isLoopback } from './loopback.ts';
import { UsageError } from './usage-error.ts';

/**
 * A token that goes over plain HTTP beyond this machine can be read on the way.
 *
 * @throws UsageError
 */
export function refuseClearText(url: string): void {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== 'http:' || isLoopback(parsed.hostname)) return;
  throw new UsageError(
    `ZEKT_URL is ${parsed.origin}: the token would travel in clear text. Use https, or --insecure if nobody is in between.`,
  );
}
