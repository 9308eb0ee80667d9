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
import { done, judge, refused } from './request.ts';

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
  readonly list: WireRequest;
  /** Whether what is there already says the same; null when the answer can't be read. */
  readonly isThere: (answer: ReceivedAnswer) => boolean;
  readonly write: () => WireRequest;
  readonly judge?: (answer: ReceivedAnswer) => Verdict;
  /** A list that is not found is an empty one. */
  readonly mayBeMissing?: true;
}

/** Asks what is there, and writes where it says something else. */
export function* putStatus({ list, isThere, write, judge: read = judge, mayBeMissing }: StatusExchange): Exchange {
  const found = yield list;
  const isMissing = mayBeMissing === true && found.status === 404;
  const verdict = isMissing ? done : read(found);
  if (verdict.kind !== 'done') return verdict;
  if (!isMissing && isThere(found)) return done;
  return read(yield write());
}

/** The needs and the gate of all who set commit statuses. */
export const statusType: Pick<ProviderType, 'needs' | 'gate' | 'skipsProgressing' | 'isState' | 'hasOwnAddress'> = {
  needs: { ...webhookNeeds, token: 'optional', password: 'optional' },
  gate: 'commitStatus',
  skipsProgressing: true,
  isState: true,
  hasOwnAddress: true,
};

/** The items of a JSON array in an answer. */
export function itemsOf({ text }: { readonly text: string }): Readonly<Record<string, unknown>>[] {
  try {
    const value = JSON.parse(text) as unknown;
    return Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
  } catch {
    return [];
  }
}
