import { ZektError, type ErrorCode } from '@zekt/core';

const isPassing: readonly ErrorCode[] = ['unavailable', 'github_unreachable'];

/**
 * What was asked about a person, of GitHub for the most part.
 *
 * @param limitMs how long whoever waits can wait for it
 * @throws ZektError `unavailable` when it can't be told now: they may come again, and nothing has happened
 */
export async function askAboutPerson<T>(answer: Promise<T>, limitMs: number | null): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    if (limitMs !== null) timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([answer, late]);
  } catch (error) {
    // Why is for the log: what GitHub said is not for a card.
    if (error instanceof ZektError && !isPassing.includes(error.code)) throw error;
    throw new ZektError(
      'unavailable',
      'GitHub could not be asked whether you may decide. Nothing was recorded. Try again in a minute.',
      { cause: error },
    );
  } finally {
    clearTimeout(timer);
  }
}
