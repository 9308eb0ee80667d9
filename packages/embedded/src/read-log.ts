import type { FileSystem } from './files/file-system.ts';

/** What a log (WAL) looks like, by "WAL-mode File Format", sqlite.org. */
export type LogState =
  | { readonly state: 'good' }
  | { readonly state: 'header' }
  /** The frame at this byte is wrong, and behind it are frames of the same log that end so many transactions. */
  | { readonly state: 'frames'; readonly at: number; readonly commitsBehind: number };

const good: LogState = { state: 'good' };
const headerBytes = 32;
const frameHeaderBytes = 24;
/** Without the lowest bit, which says in which byte order checksums are made. */
const magic = 0x377f0682;
/** One unsynced group may have left so many beyond a hole. */
const commitsOfAGroup = 1;

/** Two running sums over 32-bit words. */
type Sums = readonly [number, number];

/** Reads a log frame by frame; one that is missing or empty is good. */
export function readLog(path: string, files: FileSystem): LogState {
  if (!files.existsSync(path)) return good;
  const descriptor = files.openSync(path, 'r');
  try {
    const header = Buffer.alloc(headerBytes);
    const length = files.readSync(descriptor, header, 0, headerBytes, 0);
    // What a power cut leaves of a log that was just begun.
    if (length < headerBytes || header.every((byte) => byte === 0)) return good;
    return readFrames(header, (buffer, at) => files.readSync(descriptor, buffer, 0, buffer.length, at));
  } finally {
    files.closeSync(descriptor);
  }
}

function readFrames(header: Buffer, read: (buffer: Buffer, at: number) => number): LogState {
  const isBigEndian = (header.readUInt32BE(0) & 1) === 1;
  const pageBytes = header.readUInt32BE(8);
  let sums = add([0, 0], header, 0, 24, isBigEndian);
  const isGood = (header.readUInt32BE(0) & ~1) >>> 0 === magic && pageBytes >= 512 && pageBytes <= 65_536;
  if (!isGood || !isAt(header, 24, sums)) return { state: 'header' };
  const frame = Buffer.alloc(frameHeaderBytes + pageBytes);
  let damagedAt: number | null = null;
  let commitsBehind = 0;
  for (let at = headerBytes; read(frame, at) === frame.length; at += frame.length) {
    const isOfThisLog = frame.compare(header, 16, 24, 8, 16) === 0;
    if (!isOfThisLog) {
      // Behind the end are frames of the log that was here before.
      damagedAt ??= at;
      continue;
    }
    sums = add(add(sums, frame, 0, 8, isBigEndian), frame, frameHeaderBytes, frame.length, isBigEndian);
    const isWhole = isAt(frame, 16, sums);
    if (!isWhole) damagedAt ??= at;
    else if (damagedAt !== null && frame.readUInt32BE(4) !== 0) commitsBehind += 1;
    // Each frame holds the sums so far: those behind a damaged one can be checked all the same.
    sums = [frame.readUInt32BE(16), frame.readUInt32BE(20)];
  }
  return damagedAt !== null && commitsBehind > commitsOfAGroup
    ? { state: 'frames', at: damagedAt, commitsBehind }
    : good;
}

const isAt = (bytes: Buffer, at: number, [first, second]: Sums): boolean =>
  bytes.readUInt32BE(at) === first && bytes.readUInt32BE(at + 4) === second;

/** Goes on with the sums over bytes from `start` to `end`. */
function add([first, second]: Sums, bytes: Buffer, start: number, end: number, isBigEndian: boolean): Sums {
  let [s0, s1] = [first, second];
  for (let at = start; at < end; at += 8) {
    s0 = (s0 + (isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + s1) >>> 0;
    s1 = (s1 + (isBigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + s0) >>> 0;
  }
  return [s0, s1];
}
