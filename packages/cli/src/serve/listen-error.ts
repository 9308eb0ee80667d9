/** Where a server was to listen. */
interface Place {
  readonly host: string;
  readonly port: number;
}

const sentences: Readonly<Record<string, (place: Place) => string>> = {
  EADDRINUSE: ({ host, port }) =>
    `Another program listens on port ${port} of ${host}. Stop it, or set ZEKT_PORT to another port (0: any free one).`,
  EACCES: ({ port }) => `This user may not listen on port ${port}. Set ZEKT_PORT to a port above 1023.`,
  EADDRNOTAVAIL: ({ host }) =>
    `'${host}' is no address of this machine. Set ZEKT_HOST to one of its addresses, or to 0.0.0.0 for all of them.`,
  ENOTFOUND: ({ host }) => `No address was found for '${host}'. Set ZEKT_HOST to an address of this machine.`,
};

/** What keeps a server from listening, as one sentence that names the setting; any other error as it is. */
export function listenError(error: unknown, place: Place): unknown {
  const code = codeOf(error);
  const sentence = sentences[code]?.(place);
  return sentence === undefined ? error : new Error(`${sentence} (${code})`, { cause: error });
}

/** A thread's own error is the cause of its end. */
function codeOf(error: unknown): string {
  if (!Error.isError(error)) return '';
  return 'code' in error && String(error.code) in sentences ? String(error.code) : codeOf(error.cause);
}
