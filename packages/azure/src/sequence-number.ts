import Long from 'long';
import type { PeekMessagesOptions } from '@azure/service-bus';

/**
 * Where to peek: after a message's sequence number, given as text, or at the first. It is always said: otherwise the SDK goes on where it
 * looked last.
 */
export function peekAfter(sequenceNumber: string | undefined): PeekMessagesOptions {
  const isNumber = sequenceNumber !== undefined && /^\d{1,18}$/.test(sequenceNumber);
  const from: unknown = Long.fromString(isNumber ? String(BigInt(sequenceNumber) + 1n) : '0');
  // The SDK sees the same class through other types.
  return { fromSequenceNumber: from } as PeekMessagesOptions;
}
