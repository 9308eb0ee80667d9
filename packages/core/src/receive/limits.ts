import { limits } from '@zekt/contracts';
import { ZektError } from '../errors.ts';
import { correlationIdOf, type RunKey } from '../identity/keys.ts';
import type { Count } from '../ports/log.ts';
import type { KeptBytes } from './kept-bytes.ts';
import { RecentCounts } from './recent-counts.ts';

export interface LimitSettings {
  /** Of one repository. */
  readonly messagesPerHour: number;
  /** Payloads of one account that are kept for replays, in bytes. */
  readonly keptBytesPerAccount: number;
}

/** More would make a run's document too large. */
export const maxMessagesPerRun = limits.messagesOfRun.value;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** How much one sender may ask of everybody's server. Each server process counts what it takes itself. */
export class ReceiveLimits {
  readonly #settings: LimitSettings;
  readonly #kept: KeptBytes;
  readonly #count: Count;
  readonly #hourly = new RecentCounts(hourMs);
  readonly #perRun = new RecentCounts(36 * dayMs);

  constructor(settings: LimitSettings, kept: KeptBytes, count: Count) {
    this.#settings = settings;
    this.#kept = kept;
    this.#count = count;
  }

  /**
   * @param account the owner of the repository
   * @throws ZektError `too_many_messages`, `too_many_requests` or `quota_exceeded`
   */
  async check(run: RunKey, account: string, bytes: number, nowMs: number): Promise<void> {
    if (this.#perRun.count(runText(run), nowMs) >= maxMessagesPerRun) {
      throw new ZektError(
        'too_many_messages',
        `The run has sent ${maxMessagesPerRun} messages already. Put more into each message.`,
      );
    }
    const { messagesPerHour, keptBytesPerAccount } = this.#settings;
    if (this.#hourly.count(run.repository, nowMs) >= messagesPerHour) {
      this.#count('messages.limited');
      throw new ZektError(
        'too_many_requests',
        `The repository has sent ${messagesPerHour} messages within an hour, which is this server's limit. Try again later.`,
        {
          retryAfterMs: this.#hourly.freeAfterMs(run.repository, nowMs),
          usedUp: {
            name: 'messagesOfRepository',
            quota: messagesPerHour,
            windowMs: limits.messagesOfRepository.windowMs,
          },
        },
      );
    }
    if (bytes > 0 && (await this.#kept.of(account, nowMs)) + bytes > keptBytesPerAccount) {
      this.#count('messages.over_quota');
      throw new ZektError(
        'quota_exceeded',
        `The payloads of this account's last 90 days fill its quota of ${keptBytesPerAccount} bytes. Send less, or ask the Zekt operator for more.`,
        {
          retryAfterMs: dayMs,
          usedUp: { name: 'keptOfAccount', quota: keptBytesPerAccount, windowMs: limits.keptOfAccount.windowMs },
        },
      );
    }
  }

  /** A message was kept. */
  took(run: RunKey, account: string, bytes: number, nowMs: number): void {
    this.#perRun.add(runText(run), nowMs);
    this.#hourly.add(run.repository, nowMs);
    this.#kept.add(account, bytes);
  }
}

const runText = (run: RunKey): string => `${run.repository}/${correlationIdOf(run)}`;
