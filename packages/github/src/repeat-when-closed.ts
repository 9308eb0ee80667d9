/** Of undici and of Node: the connection ended before an answer began. */
const closed = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

const isClosed = (error: unknown): boolean =>
  closed.has(String((error as { cause?: { code?: unknown } } | null)?.cause?.code));

/** What changes nothing by being asked twice: reading, and a token that nobody gets. */
const isSafe = (input: unknown, method: string): boolean =>
  method === 'GET' || (input instanceof URL ? input.href : String(input)).endsWith('/access_tokens');

/**
 * Asks once more where the other side closed a connection that was kept for the next request, in the moment in which it was taken: a server may
 * do so at any time (RFC 9112, 9.3.1), and `fetch` reports it as a failure.
 */
export function repeatWhenClosed(inner: typeof fetch): typeof fetch {
  return (input, init) =>
    inner(input, init).catch((error: unknown) => {
      if (isClosed(error) && isSafe(input, init?.method ?? 'GET')) return inner(input, init);
      throw error;
    });
}
