/** The most of an answer that is read where nobody asks for more. */
const defaultMostBytes = 65_536;

/** Why a text is not the whole body: there was more than is read, the connection ended before it, or the time did. */
export type Cut = 'tooLong' | 'brokenOff' | 'tooSlow';

/** What could be read of a body. */
export interface ReadBody {
  readonly text: string;
  /** Absent: the text is all of it. */
  readonly cut?: Cut;
}

/**
 * Reads the beginning of a body as text; the rest is not waited for. Never throws: whoever needs all of it looks at `cut`, and for
 * everybody else the status has said already what came of the request.
 *
 * @param isLate whether reading was stopped because its time was up
 */
export async function readSome(
  body: AsyncIterable<Uint8Array>,
  isLate: () => boolean,
  mostBytes = defaultMostBytes,
): Promise<ReadBody> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let cut: Cut | null = null;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > mostBytes) {
        cut = 'tooLong';
        break;
      }
    }
  } catch {
    cut = isLate() ? 'tooSlow' : 'brokenOff';
  }
  const text = Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8');
  return cut === null ? { text } : { text, cut };
}
