/** Disks write sectors of 512 bytes or pages of 4 KiB whole, or not at all. */
const blockSizes = [512, 4096];

/**
 * What a power cut may leave of a file: what was synced, and of the blocks that were written since, any of them.
 *
 * @param share how likely each of them is there, 0 to 1
 */
export function torn(synced: Buffer, written: Buffer, share: number, random: () => number): Buffer {
  const size = blockSizes[Math.floor(random() * blockSizes.length)] ?? 512;
  // Zeros where a file has grown without what was written there.
  const left = Buffer.alloc(Math.max(synced.length, written.length));
  synced.copy(left);
  let end = synced.length;
  for (let at = 0; at < written.length; at += size) {
    const block = written.subarray(at, at + size);
    if (block.equals(synced.subarray(at, at + size)) || random() >= share) continue;
    block.copy(left, at);
    end = Math.max(end, at + block.length);
  }
  return left.subarray(0, end);
}
