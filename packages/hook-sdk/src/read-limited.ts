/**
 * All bytes of a body.
 *
 * @returns null as soon as it is longer than it may be; the rest is not read
 */
export async function readLimited(request: Request, mostBytes: number): Promise<Uint8Array | null> {
  const body: AsyncIterable<Uint8Array> | null = request.body;
  if (!body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the stream.
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > mostBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
