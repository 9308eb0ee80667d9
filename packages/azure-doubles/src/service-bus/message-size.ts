import { codec, type AmqpMessage } from './rhea.ts';

/** Of Standard, with all properties ("Service Bus quotas"). Premium may be told to take more. */
export const maxMessageBytes = 256 * 1024;

/** A data section, as the SDK sends every body. */
const bytesOf = (body: unknown): number =>
  body !== null && typeof body === 'object' && 'content' in body && Buffer.isBuffer(body.content)
    ? body.content.length
    : Infinity;

/** Only what may be too large is measured: encoding it again takes a while. */
export const isTooLarge = (message: AmqpMessage): boolean =>
  bytesOf(message.body) > maxMessageBytes / 2 && codec.encode(message).length > maxMessageBytes;
