// The only file of hooks that makes partition names, document ids and names of secrets.
import { digest, type Aggregate, type Timeline } from '@zekt/core';
import type { Scope } from './executions/hooks-of-scope.ts';

/** Everything that a scope has is one document: it is read for each call, and checked as a whole for each change. */
export const scopePartition = (scope: Scope): string => `hooks:${scope}`;
export const scopeDocumentId = 'hooks';

/** Three hyphens stand in no name that a Secret of a resource is kept under, save before its digest. */
export const signingKeySecret = (keyId: string): string => `hook-key---${keyId}`;

// ── Events on their way to targets. All of an aggregate is one document: what it has, in which order, and how far each target is.
export const aggregatePartition = ({ type, id }: Aggregate): string => `hook-events:${type}:${id}`;
export const aggregateDocumentId = 'aggregate';
/** A target, in an aggregate. */
export const laneKey = (scope: Scope, target: string): string => `${scope}/${target}`;

/** Different targets never wait for each other, nor do most aggregates of one. */
export const lanesPerTarget = 8;
export const eventCallSession = (lane: string, { type, id }: Aggregate): string =>
  `hook:${digest(lane).slice(0, 32)}:${Number.parseInt(digest(type, id).slice(0, 8), 16) % lanesPerTarget}`;
/** @param turn tells one message for a delivery from the next: a queue remembers those that it had */
export const eventCallMessageId = (deliveryId: string, turn: string): string => `${deliveryId}:${turn}`;

export const deadLettersPartition = (scope: Scope): string => `hook-dead:${scope}`;
export const deadLetterId = (deliveryId: string): string => deliveryId;

/** Days that events on their way, dead letters and the log are kept. */
export const keptDays = 30;
export const deliveriesTimeline = (scope: Scope): Timeline => ({
  name: `hook-deliveries:${scope}`,
  bucketDays: 1,
  keptDays,
  shards: 4,
});
