import type { AmqpError } from 'rhea';
import { wrap } from './rhea.ts';

/** The filter by which a receiver asks for a session, and the properties that go with it. */
export const sessionFilter = 'com.microsoft:session-filter';
export const lockedUntilProperty = 'com.microsoft:locked-until-utc';
export const timeoutProperty = 'com.microsoft:timeout';

export const amqpError = (condition: string, description: string): AmqpError => ({ condition, description });
export const isAmqpError = (error: unknown): error is AmqpError =>
  error !== null && typeof error === 'object' && 'condition' in error;

export const messageLockLost = amqpError(
  'com.microsoft:message-lock-lost',
  'The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.',
);
export const sessionLockLost = amqpError('com.microsoft:session-lock-lost', 'The session lock has expired.');
export const serverBusy = amqpError(
  'com.microsoft:server-busy',
  'The request was terminated because the entity is being throttled. Error code : 50009. Please wait 2 seconds and try again.',
);
export const quotaExceeded = (queue: string): AmqpError =>
  amqpError(
    'amqp:resource-limit-exceeded',
    `The maximum entity size has been reached or exceeded for Queue: '${queue}'. Error code : 40301.`,
  );
export const unauthorized = (why: string): AmqpError => amqpError('amqp:unauthorized-access', why);
export const tooLarge = amqpError(
  'amqp:link:message-size-exceeded',
  'The received message exceeds the size of 262144 bytes that is allowed on the link.',
);
export const entityNotFound = (address: string): AmqpError =>
  amqpError('amqp:not-found', `The messaging entity '${address}' could not be found.`);

/** .NET ticks of 100 ns since the year 1, as an AMQP long. */
export function ticks(ms: number): unknown {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(ms) * 10_000n + 621_355_968_000_000_000n);
  return wrap.wrap_long(bytes);
}

/** A delivery tag is a GUID in .NET's byte order; the management link uses the other. */
export function swapGuid(guid: Buffer): Buffer {
  const order = [3, 2, 1, 0, 5, 4, 7, 6];
  return Buffer.concat([Buffer.from(order.map((index) => guid[index] ?? 0)), guid.subarray(8)]);
}

/** AMQP longs arrive as bytes or numbers. */
export const toNumber = (value: unknown): number =>
  Buffer.isBuffer(value) ? Number(value.readBigInt64BE()) : Number(value);
export const toMs = (value: unknown): number => (value instanceof Date ? value.getTime() : toNumber(value));
