import { RequestError } from '@octokit/request-error';
import { isUnknownApp } from './as-github-error.ts';

/**
 * The answer to a request, or null where there is no such thing.
 *
 * @param missing the statuses that say so
 */
export async function orNull<T>(request: Promise<T>, missing: readonly number[] = [404]): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof RequestError && missing.includes(error.status) && !isUnknownApp(error)) return null;
    throw error;
  }
}
