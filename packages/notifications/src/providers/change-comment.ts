import type { Verdict } from '@zekt/egress';
import { markdownPost } from '../event/describe.ts';
import type { NotificationEvent } from '../event/notification-event.ts';
import { shorten } from '../event/shorten.ts';
import { itemsOf } from './commit-status.ts';
import type { Exchange, ProviderConfig, ReceivedAnswer, WireRequest } from './provider-type.ts';
import { judge } from './request.ts';

const mostChars = 60_000;

export interface CommentExchange {
  /** Begins the marker by which our own comment is found again. */
  readonly markerPrefix: string;
  readonly list: WireRequest;
  /** Whether a comment was written by who we are. */
  readonly isOwn: (comment: Readonly<Record<string, unknown>>) => boolean;
  readonly create: (body: string) => WireRequest;
  readonly update: (id: string, body: string) => WireRequest;
  readonly judge?: (answer: ReceivedAnswer) => Verdict;
}

/** One comment for each object, written anew when there is news. */
export function* putComment(
  event: NotificationEvent,
  { uid, truncate }: ProviderConfig,
  { markerPrefix, list, isOwn, create, update, judge: read = judge }: CommentExchange,
): Exchange {
  const { kind = '', namespace = '', name = '' } = event.involvedObject;
  const marker = `<!-- ${markerPrefix}:${uid}/${kind}/${namespace}/${name} -->`;
  const text = `${marker}\n\n${markdownPost(event)}`;
  const body = truncate ? shorten(text, mostChars) : text;
  const found = yield list;
  const verdict = read(found);
  if (verdict.kind !== 'done') return verdict;
  const known = itemsOf(found).find((it) => typeof it.body === 'string' && it.body.includes(marker) && isOwn(it));
  return read(yield known ? update(String(known.id), body) : create(body));
}

/** The number of the pull or merge request; null when it is none. */
export function changeNumber({ metadata = {} }: NotificationEvent): string | null {
  const given = metadata.change_request ?? '';
  return /^\d{1,18}$/.test(given) ? given : null;
}
