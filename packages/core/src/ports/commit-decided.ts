import { ZektError } from '../errors.ts';
import type { Bus, Work } from './bus.ts';
import { pauseAfterConflict } from './conflict-pause.ts';
import { maxDecisions } from './perform.ts';

/**
 * Decides and commits for a caller from outside, who asks again when this throws; after a conflict it decides anew.
 *
 * @param decide reads what it needs; `work` null: there is nothing to do
 * @throws ZektError `unavailable` after ten conflicts in a row
 */
export async function commitDecided<T>(
  bus: Pick<Bus, 'commit'>,
  decide: () => Promise<{ readonly work: Work | null; readonly value: T }>,
): Promise<T> {
  for (let tries = 0; tries < maxDecisions; tries += 1) {
    const { work, value } = await decide();
    if (!work || (await bus.commit(work)).committed) return value;
    await pauseAfterConflict(tries);
  }
  throw new ZektError('unavailable', 'Too many writers at once for the same document. Try again.');
}
