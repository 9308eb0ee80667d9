import { Agent, EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import type { Post } from './guarded-post.ts';
import { readSome } from './read-some.ts';

export interface TrustedPostOptions {
  /** For everything: name, connection, answer. @default 10,000 */
  readonly timeoutMs?: number;
}

/** How long a connection waits for the next request (ms): less than servers and load balancers commonly do. */
const keepAliveTimeout = 10_000;

/**
 * POSTs to an API that the operator named: no guard looks at the address. It does what `fetch` would, without what `fetch` spends on
 * being a browser's: connections are kept, no redirect is followed, 64 kB of an answer are read, and proxies are taken from the
 * environment where Node takes them from there. Once a status has come, that is the answer, whatever becomes of its body. Rejects when
 * there is none in time.
 */
export function trustedPost({ timeoutMs = 10_000 }: TrustedPostOptions = {}): Post {
  const options = { keepAliveTimeout, allowH2: false, connect: { timeout: timeoutMs } };
  const dispatcher: Dispatcher = isProxiedByEnvironment() ? new EnvHttpProxyAgent(options) : new Agent(options);
  return async (url, body, headers) => {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), timeoutMs);
    try {
      const answer = await request(url, { method: 'POST', headers, body, dispatcher, signal: limit.signal });
      const { statusCode: status, headers: answered, body: said } = answer;
      return { status, headers: answered, ...(await readSome(said, () => limit.signal.aborted)) };
    } catch (error) {
      if (limit.signal.aborted) throw new Error(`timed out: no answer within ${timeoutMs / 1000} s`, { cause: error });
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
}

/** Whether Node was told that its `fetch` takes proxies from the environment ("Enterprise network configuration", nodejs.org). */
function isProxiedByEnvironment(): boolean {
  const { NODE_USE_ENV_PROXY: setting, NODE_OPTIONS: options = '' } = process.env;
  return setting === '1' || [...process.execArgv, ...options.split(/\s+/)].includes('--use-env-proxy');
}
