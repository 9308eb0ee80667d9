import type { Verdict } from '@zekt/egress';
import type { ReceivedAnswer, WireRequest } from './provider-type.ts';
import { asObjects, readAnswer, type JsonObject } from './read-answer.ts';
import { judge } from './request.ts';

/** The most that is read of one answer with a list. */
export const mostListBytes = 5_000_000;
/** The most pages of a list that are asked for. */
export const mostPages = 10;

/** What was looked for; or why that is not known. `isEnd`: all of the list was looked at, or as much of it as was needed. */
export type Found = { readonly item: JsonObject | null; readonly isEnd: boolean } | { readonly verdict: Verdict };

/** A question of an exchange. */
export type Finding = Generator<WireRequest, Found, ReceivedAnswer>;

export interface Listing {
  /** The request for a page, counted from 1. */
  readonly page: (number: number) => WireRequest;
  /** What the list is called. */
  readonly wanted: string;
  /** @default the JSON is the list */
  readonly items?: (json: unknown) => readonly JsonObject[] | null;
  /** @default what the headers say */
  readonly hasNext?: (answer: ReceivedAnswer, items: readonly JsonObject[]) => boolean;
  readonly judge?: (answer: ReceivedAnswer) => Verdict;
}

/**
 * Looks for an item of a list, page after page. Addresses of pages are made here, never taken from an answer: they could lead anywhere,
 * with the token.
 */
export function* findListed(listing: Listing, isIt: (item: JsonObject) => boolean): Finding {
  const { page, wanted, items = asObjects, hasNext = namesNext, judge: judgeStatus = judge } = listing;
  for (let number = 1; number <= mostPages; number += 1) {
    const answer = yield { ...page(number), mostAnswerBytes: mostListBytes };
    const read = readAnswer(answer, items, wanted, judgeStatus);
    if ('verdict' in read) return read;
    const item = read.value.find(isIt) ?? null;
    if (item || !hasNext(answer, read.value)) return { item, isEnd: true };
  }
  return { item: null, isEnd: false };
}

/** Looks for something that has an address of its own: 404 says that it is not there. */
export function* findOne(request: WireRequest, take: (json: unknown) => JsonObject | null, wanted: string): Finding {
  const answer = yield request;
  if (answer.status === 404) return { item: null, isEnd: true };
  const read = readAnswer(answer, take, wanted, judge);
  return 'verdict' in read ? read : { item: read.value, isEnd: true };
}

/** `Link` with `rel="next"` ("Web Linking", RFC 8288), or the header in which GitLab has the number of the next page. */
function namesNext({ headers }: ReceivedAnswer): boolean {
  const link = [headers.link ?? ''].flat().join(',');
  return /;\s*rel="?next\b/i.test(link) || /^\d+$/.test(String(headers['x-next-page'] ?? ''));
}
