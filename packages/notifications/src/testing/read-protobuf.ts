/** A message of protobuf, read by the numbers of its fields ("Encoding", protobuf.dev): independent of whoever wrote it. */
export interface ProtobufMessage {
  message(field: number): ProtobufMessage;
  messages(field: number): ProtobufMessage[];
  text(field: number): string;
  hex(field: number): string;
  number(field: number): number;
  fixed64(field: number): bigint;
}

/** @throws RangeError for what is no message */
export function readProtobuf(bytes: Uint8Array): ProtobufMessage {
  const fields = new Map<number, (Buffer | bigint)[]>();
  const buffer = Buffer.from(bytes);
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = buffer.readUInt8(at);
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Buffer => {
    if (at + length > buffer.length) throw new RangeError('the message breaks off');
    at += length;
    return buffer.subarray(at - length, at);
  };
  const read: Readonly<Record<number, () => Buffer | bigint>> = {
    0: varint,
    1: () => take(8).readBigUInt64LE(),
    2: () => take(Number(varint())),
    5: () => BigInt(take(4).readUInt32LE()),
  };
  while (at < buffer.length) {
    const key = Number(varint());
    const value = read[key & 7]?.();
    if (value === undefined) throw new RangeError(`there is no wire type ${key & 7}`);
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value]);
  }
  const bytesOf = (field: number): Buffer[] => (fields.get(field) ?? []).filter((it) => Buffer.isBuffer(it));
  const numberOf = (field: number): bigint => (fields.get(field) ?? []).find((it) => typeof it === 'bigint') ?? 0n;
  return {
    message: (field) => readProtobuf(bytesOf(field)[0] ?? Buffer.alloc(0)),
    messages: (field) => bytesOf(field).map(readProtobuf),
    text: (field) => (bytesOf(field)[0] ?? Buffer.alloc(0)).toString('utf8'),
    hex: (field) => (bytesOf(field)[0] ?? Buffer.alloc(0)).toString('hex'),
    number: (field) => Number(numberOf(field)),
    fixed64: numberOf,
  };
}
