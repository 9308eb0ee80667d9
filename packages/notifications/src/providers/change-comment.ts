import { markdownPost } from '../event/describe.ts';
import type { NotificationEvent } from '../event/notification-event.ts';
import { shorten } from '../event/shorten.ts';
import { findListed, mostPages, type Listing } from './find-listed.ts';
import type { Exchange, ProviderConfig, WireRequest } from './provider-type.ts';
import { judgeWrite, type JsonObject } from './read-answer.ts';
import { refused } from './request.ts';

const mostChars = 60_000;

export interface CommentExchange {
  /** Begins the marker by which our own comment is found again. */
  readonly markerPrefix: string;
  readonly comments: Pick<Listing, 'page' | 'judge'>;
  /** Whether a comment was written by who we are. */
  readonly isOwn: (comment: JsonObject) => boolean;
  readonly create: (body: string) => WireRequest;
  readonly update: (id: string, body: string) => WireRequest;
}

/** One comment for each object, written anew when there is news. */
export function* putComment(
  event: NotificationEvent,
  { uid, truncate }: ProviderConfig,
  { markerPrefix, comments, isOwn, create, update }: CommentExchange,
): Exchange {
  const { kind = '', namespace = '', name = '' } = event.involvedObject;
  const marker = `<!-- ${markerPrefix}:${uid}/${kind}/${namespace}/${name} -->`;
  const text = `${marker}\n\n${markdownPost(event)}`;
  const body = truncate ? shorten(text, mostChars) : text;
  const found = yield* findListed(
    { ...comments, wanted: 'the list of comments' },
    (it) => typeof it.body === 'string' && it.body.includes(marker) && isOwn(it),
  );
  if ('verdict' in found) return found.verdict;
  if (!found.item && !found.isEnd)
    return refused(`None of the first ${mostPages} pages of comments has ours; a second one was not written.`);
  const id = found.item ? idOf(found.item) : null;
  if (found.item && id === null) return refused('Our comment has an id that is no number; nothing was written.');
  return judgeWrite(yield id === null ? create(body) : update(id, body), comments.judge);
}

const idOf = ({ id }: JsonObject): string | null => (/^\d{1,20}$/.test(String(id)) ? String(id) : null);

/** The number of the pull or merge request; null when it is none. */
export function changeNumber({ metadata = {} }: NotificationEvent): string | null {
  const given = metadata.change_request ?? '';
  return /^\d{1,18}$/.test(given) ? given : null;
}
