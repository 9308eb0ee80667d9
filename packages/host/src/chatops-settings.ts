import type { SigningSecret } from '@zekt/chatops';
import type { Environment } from './settings-error.ts';

/** How people prove who they are when they decide. */
export interface ChatopsSettings {
  /** The current one first; null: made at the first start and kept in the data directory. */
  readonly signingSecrets: readonly [SigningSecret, ...SigningSecret[]] | null;
  /** GitHub's own pages, without trailing slash. */
  readonly githubUrl: string;
  /** The App's client, for signing in with GitHub; null: not offered. */
  readonly githubClient: Client | null;
  readonly entraAuthority: string;
  /** Lower case. */
  readonly entraTenants: readonly string[];
  /** For signing in with Microsoft; null: not offered. */
  readonly entraClient: Client | null;
  /** Audiences of Entra tokens behind clicks on cards; none: not taken. */
  readonly cardAudiences: readonly string[];
  /** The retired issuer of Outlook and Teams; null: not trusted. */
  readonly cardLegacyIssuer: string | null;
  readonly cardBot: { readonly appId: string; readonly issuer: string; readonly discoveryUrl: string } | null;
}

export interface Client {
  readonly id: string;
  readonly secret: string;
}

/** Checks the URL of a setting, and takes a slash at its end away. */
export type ReadUrl = (name: string, value: string) => string;

/** Comma-separated, without what is empty. */
export const listOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** What is wrong is added to `problems`. */
export function readChatops(env: Environment, problems: string[], url: ReadUrl): ChatopsSettings {
  const text = (name: string, otherwise: string): string => env[name]?.trim() || otherwise;
  const client = (prefix: string): Client | null => {
    const [id, secret] = [text(`${prefix}_CLIENT_ID`, ''), text(`${prefix}_CLIENT_SECRET`, '')];
    if ((id === '') !== (secret === '')) problems.push(`${prefix}_CLIENT_ID and ${prefix}_CLIENT_SECRET go together`);
    return id === '' || secret === '' ? null : { id, secret };
  };
  const tenants = listOf(env.ZEKT_ENTRA_TENANTS).map((tenant) => tenant.toLowerCase());
  const audiences = listOf(env.ZEKT_CARD_AUDIENCES);
  for (const tenant of tenants)
    if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(tenant))
      problems.push(`ZEKT_ENTRA_TENANTS must be tenant ids, comma-separated; got '${tenant}'`);
  const entraClient = client('ZEKT_ENTRA');
  if (tenants.length === 0 && (entraClient || audiences.length > 0))
    problems.push('ZEKT_ENTRA_TENANTS is missing: it says whose people are believed');
  const legacyIssuer = text('ZEKT_CARD_LEGACY_ISSUER', '');
  const botAppId = text('ZEKT_CARD_BOT_APP_ID', '');
  const botIssuer = text('ZEKT_CARD_BOT_ISSUER', 'https://api.botframework.com');
  const botKeys = url(
    'ZEKT_CARD_BOT_OPENID_URL',
    text('ZEKT_CARD_BOT_OPENID_URL', 'https://login.botframework.com/v1/.well-known/openidconfiguration'),
  );
  return {
    signingSecrets: readSigningSecrets(env, problems),
    githubUrl: url('ZEKT_GITHUB_URL', text('ZEKT_GITHUB_URL', 'https://github.com')),
    githubClient: client('ZEKT_GITHUB_APP'),
    entraAuthority: url('ZEKT_ENTRA_AUTHORITY', text('ZEKT_ENTRA_AUTHORITY', 'https://login.microsoftonline.com')),
    entraTenants: tenants,
    entraClient,
    cardAudiences: audiences,
    cardLegacyIssuer: legacyIssuer === '' ? null : `${url('ZEKT_CARD_LEGACY_ISSUER', legacyIssuer)}/`,
    cardBot: botAppId === '' ? null : { appId: botAppId, issuer: botIssuer, discoveryUrl: botKeys },
  };
}

/** `id:base64` of 32 bytes each, comma-separated. */
function readSigningSecrets(env: Environment, problems: string[]): ChatopsSettings['signingSecrets'] {
  const read = listOf(env.ZEKT_APPROVAL_KEYS).map((item): SigningSecret | null => {
    const [, id = '', encoded = ''] = /^([\w-]{1,32}):([\w+/=-]+)$/.exec(item) ?? [];
    const secret = Buffer.from(encoded, 'base64');
    return id !== '' && secret.length === 32 ? { id, secret } : null;
  });
  const [first, ...others] = read.filter((it) => it !== null);
  if (read.includes(null)) problems.push("ZEKT_APPROVAL_KEYS must be 'id:base64' of 32 bytes each, comma-separated");
  return first ? [first, ...others] : null;
}
