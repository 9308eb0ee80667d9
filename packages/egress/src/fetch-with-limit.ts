/** `fetch`, given up after `timeoutMs` with an error that says so. */
export function fetchWithLimit(timeoutMs: number): typeof fetch {
  return async (input, init) => {
    const limit = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
    try {
      return await fetch(input, { ...init, signal });
    } catch (error) {
      if (limit.aborted) throw new Error(`timed out: no answer within ${timeoutMs / 1000} s`, { cause: error });
      throw error;
    }
  };
}
