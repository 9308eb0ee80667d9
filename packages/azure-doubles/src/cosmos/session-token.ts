/** The LSN that a session has reached, by physical partition. */
export type Session = ReadonlyMap<string, number>;

/** Of a request's `x-ms-session-token`: `0:0#5#0=5,1:0#7#0=7`, range by range; empty when it has none. */
export function parseSessionToken(header: string | undefined): Session {
  const parts = (header ?? '').split(',').filter((part) => part !== '');
  return new Map(
    parts.map((part) => {
      const [range = '', vector = ''] = part.split(':');
      return [range, Number(vector.split('#')[1] ?? 0)];
    }),
  );
}

/** As an answer says how far its physical partition is. */
export const sessionToken = (range: string, lsn: number): string => `${range}:0#${lsn}#0=${lsn}`;
