import { doubtful, fine, type Check } from '@zekt/core';
import { isProxiedByEnvironment } from '@zekt/egress';
import { getProxyForUrl } from 'proxy-from-env';

/** Which way requests to GitHub take, and whether that is what the environment says. */
export function checkProxy(apiUrl: string): Check {
  const id = 'proxy';
  const proxy = getProxyForUrl(apiUrl);
  if (proxy === '') return fine(id, 'Requests to GitHub go directly: the environment names no proxy for them.');
  const { host } = new URL(proxy);
  if (isProxiedByEnvironment()) return fine(id, `Requests to GitHub go through the proxy ${host}.`);
  return doubtful(
    id,
    `The environment names the proxy ${host} for GitHub, but Node goes there directly.`,
    'Set NODE_USE_ENV_PROXY=1 to use it, or name the host of ZEKT_GITHUB_API_URL in NO_PROXY.',
  );
}
