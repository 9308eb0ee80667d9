import { hash } from 'node:crypto';
import type { Verdict } from '@zekt/egress';
import { kindAndName, spacedReason, statusId } from '../event/describe.ts';
import type { NotificationEvent } from '../event/notification-event.ts';
import { commitHash } from '../event/revision.ts';
import { memoise } from '../event/memoise.ts';
import { shorten } from '../event/shorten.ts';
import {
  webhookNeeds,
  type Exchange,
  type ProviderConfig,
  type ProviderType,
  type ReceivedAnswer,
  type WireRequest,
} from './provider-type.ts';
import type { Finding } from './find-listed.ts';
import { judgeWrite, type JsonObject } from './read-answer.ts';
import { done, refused } from './request.ts';

/** What every host of repositories calls a commit status. */
export interface CommitStatus {
  readonly sha: string;
  /** The context: what the status is known by. */
  readonly id: string;
  readonly description: string;
  readonly name: string;
  readonly isError: boolean;
}

/**
 * The status that an event stands for.
 *
 * @throws RevisionError when the event names no commit
 */
export function readStatus(
  event: NotificationEvent,
  config: ProviderConfig,
  mostDescription: number,
): CommitStatus | Verdict {
  if (event.severity !== 'info' && event.severity !== 'error')
    return refused(`can't convert severity '${event.severity}' to a commit status state`);
  const description = spacedReason(event.reason);
  try {
    return {
      sha: commitHash(event),
      id: config.statusId ?? statusId(event, config.uid),
      description: config.truncate ? shorten(description, mostDescription) : description,
      name: kindAndName(event),
      isError: event.severity === 'error',
    };
  } catch (error) {
    return refused(error instanceof Error ? error.message : '');
  }
}

/** Where an id must be short: Bitbucket takes no key longer than 40 characters. */
export const statusKey = memoise((id: string): string => hash('sha1', id));

export const isStatus = (read: CommitStatus | Verdict): read is CommitStatus => 'sha' in read;

export interface StatusExchange {
  /** What is there of the same context. */
  readonly find: Finding;
  /** Whether it says the same already. */
  readonly isSame: (status: JsonObject) => boolean;
  readonly write: () => WireRequest;
  readonly judge?: (answer: ReceivedAnswer) => Verdict;
}

/** Asks what is there, and writes where it says something else. Among too many to look at, one more does no harm. */
export function* putStatus({ find, isSame, write, judge }: StatusExchange): Exchange {
  const found = yield* find;
  if ('verdict' in found) return found.verdict;
  if (found.item && isSame(found.item)) return done;
  return judgeWrite(yield write(), judge);
}

/** The needs and the gate of all who set commit statuses. */
export const statusType: Pick<ProviderType, 'needs' | 'gate' | 'skipsProgressing' | 'isState' | 'hasOwnAddress'> = {
  needs: { ...webhookNeeds, token: 'optional', password: 'optional' },
  gate: 'commitStatus',
  skipsProgressing: true,
  isState: true,
  hasOwnAddress: true,
};
