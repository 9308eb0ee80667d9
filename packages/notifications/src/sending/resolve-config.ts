import type { ProxyAddress, Route, TlsMaterial } from '@zekt/egress';
import { goDurationMs } from '@zekt/core';
import type { Secrets } from '@zekt/core';
import type { Need, ProviderConfig, ProviderType, Remembered } from '../providers/provider-type.ts';
import { providerTypes } from '../providers/table.ts';
import type { ProviderDocument } from '../resources/provider-document.ts';
import { readSecret } from '../resources/secret-values.ts';

const defaultTimeoutMs = 15_000;
/** A send must not hold its place for longer. */
const longestTimeoutMs = 120_000;
const longestAddress = 2048;

export interface ResolvedProvider {
  readonly type: ProviderType;
  readonly config: ProviderConfig;
  readonly route: Route;
}

export interface ResolveContext {
  readonly secrets: Secrets;
  readonly remembered: (provider: ProviderDocument) => Remembered;
  /** The proxy that the environment names for a URL; empty: none. */
  readonly proxyFor: (url: string) => string;
}

/** Spec and secrets together; or the sentences that say what is missing. */
export async function resolveProvider(
  { secrets, remembered, proxyFor }: ResolveContext,
  provider: ProviderDocument,
): Promise<ResolvedProvider | { readonly problems: readonly string[] }> {
  const { namespace, name, uid, spec } = provider;
  const type = providerTypes.get(spec.type);
  if (!type) return { problems: [`There is no provider type '${spec.type}'.`] };
  const problems: string[] = [];
  const read = async (ref: Parameters<typeof readSecret>[2] | undefined): Promise<Readonly<Record<string, string>>> => {
    if (!ref) return {};
    const found = await readSecret(secrets, namespace, ref);
    if (typeof found !== 'string') return found;
    problems.push(found);
    return {};
  };
  const secret = await read(spec.secretRef);
  const { address: inSecret, username, password, token, headers, proxy: oldProxy, ...extra } = secret;
  const address = (inSecret ?? spec.address ?? '').trim();
  if (address.length > longestAddress) problems.push(`address must have at most ${longestAddress} characters`);
  const config: ProviderConfig = {
    namespace,
    name,
    type: spec.type,
    uid,
    address,
    channel: spec.channel ?? '',
    username: username ?? spec.username ?? '',
    password: password ?? '',
    token: token ?? '',
    headers: { ...spec.headers, ...(await readHeaders(headers, problems)) },
    extra,
    truncate: spec.truncate ?? true,
    componentHeader: spec.componentHeader ?? 'Gotk-Component',
    statusId: null,
    alert: null,
    remembered: remembered(provider),
  };
  const tls = readTls(
    spec.certSecretRef ? await read(spec.certSecretRef) : type.gate === 'commitStatus' ? extra : {},
    problems,
  );
  const proxySecret = await read(spec.proxySecretRef);
  const proxy =
    type.needs.proxy === 'ignored'
      ? null
      : readProxy(spec.proxy ?? oldProxy, proxySecret, () => proxyFor(address), problems);
  // What can't be read is not missing.
  if (problems.length === 0) problems.push(...missing(type, config));
  if (problems.length > 0) return { problems };
  const timeoutMs = spec.timeout === undefined ? defaultTimeoutMs : goDurationMs(spec.timeout);
  return {
    type,
    config,
    route: {
      timeoutMs: Math.min(Math.max(timeoutMs, 1), longestTimeoutMs),
      ...(proxy && { proxy }),
      ...(tls && { tls }),
    },
  };
}

/** The parser is loaded where there is something to parse: most providers have no headers. */
async function readHeaders(text: string | undefined, problems: string[]): Promise<Readonly<Record<string, string>>> {
  if (text === undefined || text === '') return {};
  const { parse } = await import('yaml');
  try {
    const value = parse(text) as unknown;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('no map');
    const entries = Object.entries(value as Record<string, unknown>).map(([name, it]) => [name, String(it)] as const);
    const bad = entries.find(([name]) => !/^[\w!#$%&'*+.^`|~-]+$/.test(name));
    if (bad) throw new Error('no name');
    return Object.fromEntries(entries);
  } catch {
    problems.push("'headers' in the secret must be a YAML map of names and values");
    return {};
  }
}

/** New names win over old ones. */
function readTls(secret: Readonly<Record<string, string>>, problems: string[]): TlsMaterial | null {
  const ca = secret['ca.crt'] ?? secret.caFile;
  const cert = secret['tls.crt'] ?? secret.certFile;
  const key = secret['tls.key'] ?? secret.keyFile;
  if ((cert === undefined) !== (key === undefined)) problems.push('tls.crt and tls.key go together');
  return ca === undefined && cert === undefined
    ? null
    : { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert, key }) };
}

function readProxy(
  given: string | undefined,
  secret: Readonly<Record<string, string>>,
  fromEnvironment: () => string,
  problems: string[],
): ProxyAddress | null {
  const explicit = secret.address ?? given ?? '';
  const url = explicit === '' ? fromEnvironment() : explicit;
  if (url === '') return null;
  if (!/^(?:https?|socks5):\/\/[^/\s]+/.test(url) || !URL.canParse(url)) {
    problems.push('the proxy must be an http, https or socks5 URL');
    return null;
  }
  return {
    url,
    ...(secret.username !== undefined && { username: secret.username, password: secret.password ?? '' }),
    isTrusted: explicit === '',
  };
}

/** What the type needs and the configuration has not. */
function missing(type: ProviderType, config: ProviderConfig): string[] {
  const values: Readonly<Partial<Record<keyof ProviderType['needs'], string>>> = {
    address: config.address,
    channel: config.channel,
    username: config.username,
    password: config.password,
    token: config.token,
  };
  const absent = Object.entries(type.needs).flatMap(([field, need]: [string, Need]) =>
    need === 'required' && values[field as keyof typeof values] === '' ? [`${field} is missing`] : [],
  );
  if (absent.length > 0) return absent;
  const isUrl = /^https?:$/.test(URL.parse(config.address)?.protocol ?? '');
  if (!isUrl && type.hasOwnAddress !== true && config.address !== '') return ['address must be an http or https URL'];
  return type.problems?.(config) ?? [];
}
