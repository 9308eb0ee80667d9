import { createHash } from 'node:crypto';
import type { ServiceBusMessage } from '@azure/service-bus';
import type { BusMessage, QueueName } from '@zekt/core';
import type { BodyReference } from './claim-check.ts';

/** A message on its way: in the outbox and on the wire. */
export interface Parcel {
  readonly queue: QueueName;
  readonly id: string;
  readonly session: string;
  /** One of the two. */
  readonly body?: object;
  readonly ref?: BodyReference;
  readonly notBefore?: number;
  /** How many copies came before: a message that must come later is sent again, since Service Bus has no wait of its own. */
  readonly copy: number;
  /** Begun anew when it was revived from the dead. */
  readonly series?: string;
  /** How often a handler has failed on it. */
  readonly failures: number;
  /** Given up for this reason, by a host that can't put it into the dead-letter queue itself. */
  readonly condemned?: string;
  /** The session that a condemned one belongs to. */
  readonly home?: string;
  /** The form of a message that a later release has sent: nothing of it is looked at here but what names it. */
  readonly later?: number;
}

/**
 * What the body holds. Everything that Zekt needs is inside, under these two names: the Functions host makes numbers of metadata that
 * look like numbers, and top-level fields of a body overwrite metadata of the same name.
 */
interface Envelope {
  readonly v: number;
  readonly message: Parcel;
}

/** See `versions`: read one release before it is written. */
const envelopeVersion = { written: 1, readable: 1 };

const maxIdLength = 128;
/** Service Bus takes 128 characters; what is longer is named by its digest. */
const shortened = (text: string): string =>
  text.length <= maxIdLength ? text : `sha256-${createHash('sha256').update(text).digest('hex')}`;

export const toParcel = ({ queue, id, session, notBefore }: BusMessage): Omit<Parcel, 'body' | 'ref'> => ({
  queue,
  id,
  session,
  copy: 0,
  failures: 0,
  ...(notBefore !== undefined && { notBefore }),
});

/** Copies need ids of their own, or duplicate detection would drop them; the same copy again is dropped, as it should be. */
export const wireId = ({ id, copy, series = '' }: Pick<Parcel, 'id' | 'copy' | 'series'>): string =>
  copy === 0 && series === '' ? id : `${id}~${series}${copy}`;

export function toWire(parcel: Parcel): ServiceBusMessage {
  const { session, notBefore } = parcel;
  const { later: v = envelopeVersion.written, ...message } = parcel;
  const envelope: Envelope = { v, message };
  return {
    body: envelope,
    contentType: 'application/json',
    messageId: shortened(wireId(parcel)),
    sessionId: shortened(session),
    ...(notBefore !== undefined && { scheduledEnqueueTimeUtc: new Date(notBefore) }),
  };
}

/** Null when it is no message of Zekt's. */
export function fromWire(body: unknown): Parcel | null {
  if (body === null || typeof body !== 'object') return null;
  const { v, message } = body as Partial<Envelope>;
  if (!Number.isInteger(v) || typeof message?.id !== 'string' || typeof message.session !== 'string') return null;
  const { later: _, ...own } = message;
  return Number(v) > envelopeVersion.readable ? { ...own, later: Number(v) } : own;
}
