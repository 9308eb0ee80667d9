import { ZektError } from '@zekt/core';
import type { AddressGuard } from '@zekt/egress';

export interface EndpointGuard {
  readonly guard: Pick<AddressGuard, 'resolve' | 'checkBehindProxy' | 'requireException'>;
  /** The proxy for a URL, by the environment; empty: none. */
  readonly proxyFor: (url: string) => string;
}

/**
 * Looks at the host of an endpoint before anything is stored; each call looks again at the address that it dials. The refusal is one sentence
 * for a name that is not there and one that is private: it tells a stranger nothing of the names in this network.
 *
 * @throws ZektError `hook_endpoint_refused`
 */
export async function checkEndpoint({ guard, proxyFor }: EndpointGuard, endpoint: string): Promise<void> {
  const url = new URL(endpoint);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol === 'http:' && !allows(() => guard.requireException(host)))
    throw new ZektError(
      'hook_endpoint_refused',
      "'endpoint' must be an https URL; http is for hosts that the operator names in ZEKT_EGRESS_ALLOW.",
    );
  try {
    if (proxyFor(endpoint) === '') await guard.resolve(host);
    else guard.checkBehindProxy(host);
  } catch (error) {
    throw new ZektError(
      'hook_endpoint_refused',
      `The host of 'endpoint' may not be called: its name has no public address. The operator can allow others with ZEKT_EGRESS_ALLOW.`,
      { cause: error },
    );
  }
}

function allows(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
