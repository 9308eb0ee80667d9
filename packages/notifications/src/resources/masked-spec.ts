import type { ProviderSpec } from '@zekt/contracts';
import { displayAddress, stars } from '../sending/mask.ts';

/** A spec without what is a credential. */
export function maskedSpec(spec: ProviderSpec): ProviderSpec {
  const { address, proxy, headers } = spec;
  return {
    ...spec,
    ...(address !== undefined && { address: displayAddress(spec.type, address) }),
    ...(proxy !== undefined && { proxy: proxy.replace(/\/\/[^/@]*@/, `//${stars}@`) }),
    ...(headers && { headers: Object.fromEntries(Object.keys(headers).map((name) => [name, stars])) }),
  };
}

const sameJson = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/**
 * What was shown masked and is applied again stays as it was, as long as it goes where it went: otherwise whoever may not read a credential
 * could have it sent to himself. A sentence where that can't be.
 */
export function unmaskedSpec(spec: ProviderSpec, before: ProviderSpec | null): ProviderSpec | string {
  const seen = before && maskedSpec(before);
  const isSameWay = before?.type === spec.type && sameJson(before.proxySecretRef, spec.proxySecretRef);
  let { proxy, address } = spec;
  if (proxy?.includes(stars) === true) {
    if (!isSameWay || proxy !== seen?.proxy) return problem('proxy', 'the host of the proxy');
    ({ proxy } = before);
  }
  const isSameProxy = isSameWay && proxy === before.proxy;
  if (address?.includes(stars) === true) {
    if (!isSameProxy || address !== seen?.address) return problem('address', 'its host, the type and the proxy');
    ({ address } = before);
  }
  const isSameAddress = isSameProxy && address === before.address && sameJson(before.secretRef, spec.secretRef);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(spec.headers ?? {})) {
    const kept = isSameAddress ? before.headers?.[name] : undefined;
    if (value === stars && kept === undefined) return problem(`headers.${name}`, 'address, type, secretRef and proxy');
    headers[name] = value === stars ? (kept ?? value) : value;
  }
  return {
    ...spec,
    ...(address !== undefined && { address }),
    ...(proxy !== undefined && { proxy }),
    ...(spec.headers && { headers }),
  };
}

const problem = (field: string, what: string): string =>
  `'${field}' is masked: it is kept only while ${what} stay as they were. Write its value in full.`;
