import type { ProxyAddress, TlsMaterial } from '@zekt/egress';
import type { ProviderConfig } from '../providers/provider-type.ts';

export const stars = '***';

/** Types whose address names a place that anyone may know: a repository, a server. That of any other is a credential. */
const openAddresses = new Set([
  'azuredevops',
  'bitbucket',
  'bitbucketserver',
  'datadog',
  'gitea',
  'giteapullrequestcomment',
  'github',
  'githubdispatch',
  'githubpullrequestcomment',
  'gitlab',
  'gitlabmergerequestcomment',
  'googlepubsub',
  'matrix',
  'nats',
  'opsgenie',
  'pagerduty',
  'telegram',
  'webex',
  'zulip',
]);

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

/** Headers that say nothing secret, whatever they hold. */
const openHeaders = new Set([
  'accept',
  'content-type',
  'user-agent',
  'gotk-component',
  'x-event-component',
  'x-github-api-version',
  'x-tfs-fedauthredirect',
  'x-tfs-session',
  'x-atlassian-token',
  'x-requested-with',
  'x-signature',
]);

/** Shorter ones would stand for too much else. */
const shortestSecret = 4;

/** Takes everything that is secret out of texts, for people and logs. */
export class Mask {
  readonly #secrets: readonly string[];
  readonly #type: string;
  readonly #address: string;

  constructor(config: ProviderConfig, proxy?: ProxyAddress, tls?: TlsMaterial) {
    const { type, address, channel, password, token, headers, extra, username } = config;
    const url = openAddresses.has(type) ? null : URL.parse(address);
    const given = [
      token,
      password,
      ...Object.values(headers),
      ...Object.values(extra),
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
    this.#type = type;
    this.#address = address;
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

/** What stands before the `@`. */
function userInfoOf(address: string | undefined): string {
  const { username = '', password = '' } = URL.parse(address ?? '') ?? {};
  return password === '' ? username : password;
}
