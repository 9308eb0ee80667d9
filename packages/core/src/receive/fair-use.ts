import { limits } from '@zekt/contracts';
import { ZektError } from '../errors.ts';
import { RecentCounts } from './recent-counts.ts';

type Rated = 'requestsOfRepository' | 'questionsOfRepository';

/** How often one repository may ask people for something. Each server process counts what it takes itself. */
export class FairUse {
  readonly #counts = {
    requestsOfRepository: new RecentCounts(limits.requestsOfRepository.windowMs),
    questionsOfRepository: new RecentCounts(limits.questionsOfRepository.windowMs),
  };

  /**
   * So many more, if there is room for all of them.
   *
   * @throws ZektError `too_many_requests`
   */
  take(name: Rated, repository: string, nowMs: number, times = 1): void {
    const counts = this.#counts[name];
    const { value: quota, unit, windowMs } = limits[name];
    if (times > 0 && counts.count(repository, nowMs) + times - 1 >= quota) {
      throw new ZektError(
        'too_many_requests',
        `The repository may make ${quota} ${unit} within an hour, and this would be more. Try again later.`,
        { retryAfterMs: counts.freeAfterMs(repository, nowMs), usedUp: { name, quota, windowMs } },
      );
    }
    for (let n = 0; n < times; n += 1) counts.add(repository, nowMs);
  }
}
