import type { ProxyAddress, TlsMaterial } from '@zekt/egress';
import type { ProviderConfig } from '../providers/provider-type.ts';
import { openAddresses, openHeaders, openKeys, openSegments } from './open-names.ts';
import { SecretWindows } from './secret-windows.ts';

export const stars = '***';

/** An address as people may see it: of a webhook, where it leads; never what makes it a key. */
export function displayAddress(type: string, address: string): string {
  const withoutUser = address.replace(/\/\/[^/@\s]*@/, `//${stars}@`);
  if (openAddresses.has(type)) return withoutUser;
  const url = URL.parse(address);
  if (url && url.host !== '' && ['http:', 'https:'].includes(url.protocol)) {
    const isBare = url.pathname === '/' && url.search === '' && url.username === '';
    return isBare ? address : `${url.protocol}//${url.host}/${stars}`;
  }
  // A connection string.
  const endpoint = /Endpoint=([^;]+)/i.exec(address)?.[1];
  if (endpoint !== undefined) return `Endpoint=${endpoint};${stars}`;
  return type === 'azureeventhub' ? address : stars;
}

/** Of an answer, what is looked at; less is shown. */
const readChars = 8192;
const notShown = 'Not shown: it holds a part of a secret.';

/** Shorter ones would stand for too much else. */
const shortestSecret = 4;

/** Takes everything that is secret out of texts, for people and logs. */
export class Mask {
  readonly #secrets: readonly string[];
  readonly #windows = new SecretWindows();
  readonly #type: string;
  readonly #address: string;
  readonly #componentHeader: string;

  constructor(config: ProviderConfig, proxy?: ProxyAddress, tls?: TlsMaterial) {
    const { type, address, channel, password, token, headers, extra, username } = config;
    const url = openAddresses.has(type) ? null : URL.parse(address);
    const others = Object.entries(extra).flatMap(([key, value]) => (openKeys.has(key) ? [] : [value]));
    const given = [
      token,
      password,
      ...Object.entries(headers).flatMap(([name, value]) => (openHeaders.has(name.toLowerCase()) ? [] : [value])),
      ...others,
      ...(type === 'pagerduty' ? [channel] : []),
      ...(username !== '' && password !== '' ? [Buffer.from(`${username}:${password}`).toString('base64')] : []),
      ...(token === '' ? [] : [Buffer.from(`:${token}`).toString('base64'), Buffer.from(token).toString('base64')]),
      proxy?.password ?? '',
      userInfoOf(proxy?.url),
      userInfoOf(address),
      tls?.key ?? '',
      ...(openAddresses.has(type) ? [] : [address]),
      ...(url && url.pathname.length > 1 ? [`${url.pathname}${url.search}`, url.pathname] : []),
      ...(url && url.search.length > 1 ? [url.search.slice(1), ...url.searchParams.values()] : []),
    ];
    const forms = given.flatMap((text) => [text, encodeURIComponent(text.toWellFormed())]);
    this.#secrets = [...new Set(forms)]
      .filter((text) => text.length >= shortestSecret)
      .sort((a, b) => b.length - a.length);
    this.#componentHeader = config.componentHeader.toLowerCase();
    this.learn(Object.entries(headers));
    const windows = [
      token,
      password,
      ...others,
      ...(type === 'pagerduty' ? [channel] : []),
      proxy?.password ?? '',
      userInfoOf(proxy?.url),
      userInfoOf(address),
      tls?.key ?? '',
      ...(openAddresses.has(type) ? [] : partsOf(address)),
    ];
    for (const secret of windows) this.#windows.add(secret);
    this.#type = type;
    this.#address = address;
  }

  /** What a request carries that may not be shown: tokens that were made on the way, too. */
  learn(headers: readonly (readonly [string, string])[]): void {
    for (const [name, value] of headers)
      if (!openHeaders.has(name.toLowerCase()) && name.toLowerCase() !== this.#componentHeader)
        this.#windows.add(value.replace(/^[A-Za-z]+ /, ''));
  }

  /** The beginning of what a destination said, and nothing of it when a part of a secret can be read out of it. */
  answer(text: string, mostChars = readChars): string {
    const read = text.slice(0, mostChars).toWellFormed();
    return this.#windows.isIn(read) ? notShown : this.text(read);
  }

  text(text: string): string {
    return this.#secrets.reduce((masked, secret) => masked.replaceAll(secret, stars), text);
  }

  url(url: string): string {
    const isOwn = !openAddresses.has(this.#type) && URL.parse(url)?.host === URL.parse(this.#address)?.host;
    return isOwn ? displayAddress(this.#type, url) : this.text(displayAddress('github', url));
  }

  header(name: string, value: string): string {
    return openHeaders.has(name.toLowerCase()) ? this.text(value) : stars;
  }
}

/** The parts of an address, or of a connection string, that make it a key. */
function partsOf(address: string): string[] {
  const url = URL.parse(address);
  if (!url || url.host === '')
    return [...address.matchAll(/(?:^|;)\s*(?:SharedAccessKey|SharedAccessSignature)\s*=([^;]*)/gi)].map(
      ([, value = '']) => value,
    );
  const path = `${url.pathname}${url.search}`;
  const parts = [path, decodeOr(path)].flatMap((it) => it.split(/[/?&=]/));
  return [...new Set(parts)].filter((part) => !openSegments.has(part));
}

function decodeOr(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What stands before the `@`. */
function userInfoOf(address: string | undefined): string {
  const { username = '', password = '' } = URL.parse(address ?? '') ?? {};
  return password === '' ? username : password;
}
