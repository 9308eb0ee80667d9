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
   * One more, if there is room.
   *
   * @throws ZektError `too_many_requests`
   */
  take(name: Rated, repository: string, nowMs: number): void {
    const counts = this.#counts[name];
    const { value: quota, unit, windowMs } = limits[name];
    if (counts.count(repository, nowMs) >= quota) {
      throw new ZektError(
        'too_many_requests',
        `The repository has made ${quota} ${unit} within an hour, which is this server's limit. Try again later.`,
        { retryAfterMs: counts.freeAfterMs(repository, nowMs), usedUp: { name, quota, windowMs } },
      );
    }
    counts.add(repository, nowMs);
  }
}
