import Long from 'long';
import type { PeekMessagesOptions } from '@azure/service-bus';

/** Numbers of 64 bits, as the SDK wants them; it sees the same class through other types. */
export type SequenceNumber = NonNullable<PeekMessagesOptions['fromSequenceNumber']>;

/** Given to every peek: without one the SDK goes on where it looked last. */
export const firstNumber = Long.ZERO;

/** The number after one that was given out as text; the first when it is none. */
export const numberAfter = (text: string | undefined): SequenceNumber =>
  text !== undefined && /^\d{1,18}$/.test(text)
    ? (Long.fromString(String(BigInt(text) + 1n)) as unknown as SequenceNumber)
    : firstNumber;
