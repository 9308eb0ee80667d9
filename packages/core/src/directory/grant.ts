import { digest } from '../identity/digest.ts';
import type { RepositoryRef } from '../identity/keys.ts';
import type { Terms } from './subscription.ts';

const normal = (filter: readonly string[]): string =>
  JSON.stringify(filter.includes('*') ? ['*'] : [...new Set(filter)].sort());

/** Whether two wishes come to the same. */
export const isSameTerms = (a: Terms, b: Terms): boolean =>
  normal(a.eventTypes) === normal(b.eventTypes) && normal(a.conclusions) === normal(b.conclusions);

/** Stands for all that whoever gives a right must have been shown: who gets what, and to whom he belongs. */
export const digestOfRequest = (
  serviceId: string,
  consumer: RepositoryRef,
  ownerId: string,
  { eventTypes, conclusions }: Terms,
): string => digest('request', serviceId, consumer, ownerId, normal(eventTypes), normal(conclusions));

const isSubset = (asked: readonly string[], given: readonly string[]): boolean =>
  given.includes('*') || asked.every((value) => given.includes(value));

/** Whether nothing is asked for beyond what is given already. Less may be taken without asking anybody; more may not. */
export const isWithin = (asked: Terms, given: Terms): boolean =>
  isSubset(asked.eventTypes, given.eventTypes) && isSubset(asked.conclusions, given.conclusions);
