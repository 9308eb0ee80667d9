import { readFileSync } from 'node:fs';
import { limits } from '@zekt/contracts';
import { namesAzure, readAzureSettings, type AzureSettings } from '@zekt/azure';
import { defaultScheduleMs, parseDuration } from '@zekt/core';
import type { SigningSecret } from '@zekt/chatops';
import { isSafeUrl, readExceptions, type Exceptions } from '@zekt/egress';
import { readPrivateKey } from '@zekt/github';
import { defaultAcceptors } from './default-acceptors.ts';
import { fileReason } from './file-reason.ts';
import { listOf, readChatops, type ChatopsSettings, type ReadUrl } from './chatops-settings.ts';
import { SettingsError, type Environment } from './settings-error.ts';

/** Everything that a server needs to know, checked. Times in milliseconds. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  /** Threads that listen in place of the main one. */
  readonly acceptors: number;
  /** Of the embedded store. */
  readonly dataDir: string;
  /** Null: store and bus are embedded. */
  readonly azure: AzureSettings | null;
  readonly oidcIssuers: readonly [string, ...string[]];
  /** Audiences of workflows' tokens that are taken beside the public URL. */
  readonly oidcAudiences: readonly string[];
  readonly githubApiUrl: string;
  readonly githubAppId: string;
  /** PKCS#8 PEM. */
  readonly githubPrivateKey: string;
  /** The current one, and during a rotation the one before. */
  readonly webhookSecrets: readonly string[];
  /** Null: made at the first start and kept in the data directory. */
  readonly adminToken: string | null;
  /** The one before, which is taken too during a rotation; null: none. */
  readonly previousAdminToken: string | null;
  /** File with the key of the embedded store's secrets; null: beside the data directory. */
  readonly secretsKeyFile: string | null;
  /** Base of links, without trailing slash; null: where the server listens. */
  readonly publicUrl: string | null;
  /** What may be called although it is no public address. */
  readonly egressAllow: Exceptions;
  readonly chatops: ChatopsSettings;
  /** No hook is called, whatever is set up. */
  readonly areHooksOff: boolean;
  readonly dispatchPerMinute: number;
  readonly dispatchBurst: number;
  /** Messages that a repository may send in an hour. */
  readonly messagesPerHour: number;
  /** Bytes of payloads that are kept for one account. */
  readonly keptBytesPerAccount: number;
  readonly retryScheduleMs: readonly number[];
  /** Waits between tries of a notification. */
  readonly notificationRetryMs: readonly number[];
  /** The same event is notified of once within this time, unless the alert says otherwise. */
  readonly notificationDedupeMs: number;
  readonly completionWaitMs: number;
  readonly eventOnlyGraceMs: number;
  /** How long a consumer has to confirm a durable delivery before health counts it as a failure. */
  readonly confirmWithinMs: number;
  /** How often GitHub is asked for webhooks that never arrived; 0: never. */
  readonly reconcileEveryMs: number;
  /** How often the server looks for what keeps it from working; 0: never. */
  readonly doctorEveryMs: number;
  readonly logLevel: string;
  readonly telemetry: TelemetrySettings;
}

/** Where traces, metrics and logs go. */
export type TelemetrySettings =
  | { readonly kind: 'off' }
  /** To where the standard `OTEL_EXPORTER_OTLP_…` variables say. */
  | { readonly kind: 'otlp' }
  | { readonly kind: 'azuremonitor'; readonly connectionString: string; readonly clientId: string | null };

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'];
/** Settings of a host that has nothing of its own to keep anything in. */
export interface AzureHostSettings extends Settings {
  readonly azure: AzureSettings;
  readonly adminToken: string;
  readonly publicUrl: string;
  readonly chatops: ChatopsSettings & { readonly signingSecrets: readonly [SigningSecret, ...SigningSecret[]] };
}

/**
 * @param place `azure`: store and bus must be in Azure
 * @throws SettingsError naming every setting that is missing or malformed; it never shows a secret
 */
export function readSettings(env: Environment, place: 'azure'): AzureHostSettings;
export function readSettings(env: Environment): Settings;
export function readSettings(env: Environment, place?: 'azure'): Settings {
  const isInAzure = place === 'azure' || namesAzure(env);
  const problems = unresolvedReferences(env);
  const text = (name: string, otherwise: string): string => env[name]?.trim() || otherwise;
  const check = <T>(name: string, value: T | undefined, wanted: string): T | undefined => {
    if (value === undefined) problems.push(`${name} must be ${wanted}; got '${env[name] ?? ''}'`);
    return value;
  };
  const whole = (name: string, otherwise: number, least: number, most: number): number => {
    const value = Number(text(name, String(otherwise)));
    const isGood = Number.isInteger(value) && value >= least && value <= most;
    return check(name, isGood ? value : undefined, `a whole number from ${least} to ${most}`) ?? otherwise;
  };
  const duration = (name: string, otherwise: string): number =>
    check(name, parseDuration(text(name, otherwise)), "a time such as '500ms', '10s', '2m', '24h' or '3d'") ?? 0;
  const url = (name: string, value: string): string => {
    if (!isSafeUrl(value))
      problems.push(
        `${name} must be an https URL (http only for loopback), without user name; got '${value.replace(/\/\/[^/]*@/, '//***@')}'`,
      );
    return value.replace(/\/+$/, '');
  };
  const required = (name: string, hint: string): string => {
    const value = env[name]?.trim() ?? '';
    if (value === '') problems.push(`${name} is missing: ${hint}`);
    return value;
  };

  const issuers = text('ZEKT_OIDC_ISSUERS', 'https://token.actions.githubusercontent.com')
    .split(',')
    .map((issuer) => url('ZEKT_OIDC_ISSUERS', issuer.trim()));
  const appId = required('ZEKT_GITHUB_APP_ID', "the App's id, a number, from its settings page on GitHub");
  if (appId !== '' && !/^\d+$/.test(appId)) problems.push(`ZEKT_GITHUB_APP_ID must be a number; got '${appId}'`);
  const secret = required('ZEKT_GITHUB_WEBHOOK_SECRET', "the secret of the App's webhook");
  const previous = env.ZEKT_GITHUB_WEBHOOK_SECRET_PREVIOUS?.trim() ?? '';
  const schedule = readSchedule(env.ZEKT_RETRY_SCHEDULE, defaultScheduleMs);
  const notificationRetry = readSchedule(env.ZEKT_NOTIFICATION_RETRY_SCHEDULE, defaultNotificationRetryMs);
  const logLevel = text('ZEKT_LOG_LEVEL', 'info');
  const [firstIssuer = '', ...otherIssuers] = issuers;

  const settings: Settings = {
    host: text('ZEKT_HOST', '127.0.0.1'),
    port: whole('ZEKT_PORT', 7070, 0, 65_535),
    acceptors: whole('ZEKT_ACCEPTORS', defaultAcceptors(), 0, 64),
    dataDir: text('ZEKT_DATA_DIR', './.zekt'),
    azure: isInAzure ? readAzureSettings(env, problems) : null,
    oidcIssuers: [firstIssuer, ...otherIssuers],
    oidcAudiences: listOf(env.ZEKT_OIDC_AUDIENCE),
    githubApiUrl: url('ZEKT_GITHUB_API_URL', text('ZEKT_GITHUB_API_URL', 'https://api.github.com')),
    githubAppId: appId,
    githubPrivateKey: readKey(env, problems),
    webhookSecrets: previous === '' ? [secret] : [secret, previous],
    adminToken: env.ZEKT_ADMIN_TOKEN?.trim() || null,
    previousAdminToken: env.ZEKT_ADMIN_TOKEN_PREVIOUS?.trim() || null,
    secretsKeyFile: env.ZEKT_SECRETS_KEY_FILE?.trim() || null,
    publicUrl: readPublicUrl(env, problems, url),
    egressAllow: readEgress(env, problems),
    chatops: readChatops(env, problems, url),
    areHooksOff: readHooksOff(env, problems),
    dispatchPerMinute: whole('ZEKT_DISPATCH_PER_MINUTE', 80, 1, 1_000_000),
    dispatchBurst: whole('ZEKT_DISPATCH_BURST', 10, 1, 1_000_000),
    messagesPerHour: whole('ZEKT_MESSAGES_PER_HOUR', limits.messagesOfRepository.value, 1, 1_000_000_000),
    keptBytesPerAccount:
      whole('ZEKT_KEPT_MB_PER_ACCOUNT', limits.keptOfAccount.value / 1_048_576, 1, 1_000_000) * 1_048_576,
    retryScheduleMs: check('ZEKT_RETRY_SCHEDULE', schedule, scheduleWanted) ?? defaultScheduleMs,
    notificationRetryMs:
      check('ZEKT_NOTIFICATION_RETRY_SCHEDULE', notificationRetry, scheduleWanted) ?? defaultNotificationRetryMs,
    notificationDedupeMs: duration('ZEKT_NOTIFICATION_DEDUPE', '5m'),
    completionWaitMs: duration('ZEKT_COMPLETION_WAIT', '24h'),
    eventOnlyGraceMs: duration('ZEKT_EVENT_ONLY_GRACE', '10s'),
    confirmWithinMs: duration('ZEKT_CONFIRM_WITHIN', '1h'),
    reconcileEveryMs: duration('ZEKT_RECONCILE_EVERY', '5m'),
    doctorEveryMs: duration('ZEKT_DOCTOR_EVERY', '1m'),
    logLevel:
      check(
        'ZEKT_LOG_LEVEL',
        logLevels.find((level) => level === logLevel),
        logLevels.join(', '),
      ) ?? 'info',
    telemetry: readTelemetry(env, problems),
  };
  if (settings.adminToken === null && isInAzure)
    problems.push('ZEKT_ADMIN_TOKEN is missing: with a store in Azure there is no data directory to keep one in');
  if (settings.chatops.signingSecrets === null && isInAzure)
    problems.push('ZEKT_APPROVAL_KEYS is missing: with a store in Azure there is no data directory to keep one in');
  if (settings.publicUrl === null && place === 'azure')
    problems.push('ZEKT_PUBLIC_URL is missing: it is the base of links in cards');
  for (const [name, token] of [
    ['ZEKT_ADMIN_TOKEN', settings.adminToken],
    ['ZEKT_ADMIN_TOKEN_PREVIOUS', settings.previousAdminToken],
  ] as const)
    if (token !== null && token.length < 16) problems.push(`${name} must have at least 16 characters`);
  if (problems.length > 0) throw new SettingsError(problems);
  return settings;
}

/**
 * Where the platform can't read a Key Vault reference, the app gets the reference's own text: a public string that must never be taken for
 * the secret ("Use Key Vault references as app settings").
 */
const unresolvedReferences = (env: Environment): string[] =>
  Object.entries(env)
    .filter(([, value]) => /^\s*@Microsoft\.(KeyVault|AppConfiguration)\(/i.test(value ?? ''))
    .map(
      ([name]) =>
        `${name} is a reference that Azure could not resolve: see whether the secret exists and the app's identity may read it, then refresh the references`,
    );

/** Azure tells a function app its own host name. */
function readPublicUrl(env: Environment, problems: string[], url: ReadUrl): string | null {
  const given = env.ZEKT_PUBLIC_URL?.trim();
  if (given) {
    if (isSafeUrl(given) && new URL(given).pathname !== '/')
      problems.push(`ZEKT_PUBLIC_URL must have no path; got '${given}'`);
    return originOf(url('ZEKT_PUBLIC_URL', given));
  }
  const host = env.WEBSITE_HOSTNAME?.trim();
  if (!host) return null;
  return isSafeUrl(`http://${host}`) ? `http://${host}` : `https://${host}`;
}

/** As a client makes it of the URL that it was given: both must come to the same audience. */
const originOf = (text: string): string => URL.parse(text)?.origin ?? text;

function readEgress(env: Environment, problems: string[]): Exceptions {
  try {
    return readExceptions(listOf(env.ZEKT_EGRESS_ALLOW));
  } catch (error) {
    problems.push(
      `ZEKT_EGRESS_ALLOW must be CIDRs and host names, comma-separated: ${error instanceof Error ? error.message : ''}`,
    );
    return readExceptions([]);
  }
}

function readHooksOff(env: Environment, problems: string[]): boolean {
  const text = env.ZEKT_HOOKS?.trim() || 'on';
  if (text !== 'on' && text !== 'off') problems.push(`ZEKT_HOOKS must be on or off; got '${text}'`);
  return text === 'off';
}

function readTelemetry(env: Environment, problems: string[]): TelemetrySettings {
  const kind = env.ZEKT_TELEMETRY?.trim() || 'off';
  const connectionString = env.APPLICATIONINSIGHTS_CONNECTION_STRING?.trim() ?? '';
  if (kind === 'off' || kind === 'otlp') return { kind };
  if (kind !== 'azuremonitor') problems.push(`ZEKT_TELEMETRY must be off, otlp or azuremonitor; got '${kind}'`);
  else if (connectionString === '')
    problems.push('APPLICATIONINSIGHTS_CONNECTION_STRING is missing: ZEKT_TELEMETRY=azuremonitor sends there');
  return { kind: 'azuremonitor', connectionString, clientId: env.AZURE_CLIENT_ID?.trim() || null };
}

const scheduleWanted = "1 to 50 times such as '1s,5s,30s,2m'";

/** `2s,10s,1m,5m,15m,1h,3h,6h,12h`: ten tries in somewhat less than a day. */
const defaultNotificationRetryMs: readonly number[] = [2, 10, 60, 300, 900, 3600, 10_800, 21_600, 43_200].map(
  (s) => s * 1000,
);

function readSchedule(text: string | undefined, otherwise: readonly number[]): readonly number[] | undefined {
  if (!text?.trim()) return otherwise;
  const waits = text.split(',').map(parseDuration);
  const known = waits.filter((wait) => wait !== undefined);
  return known.length === waits.length && known.length <= 50 ? known : undefined;
}

function readKey(env: Environment, problems: string[]): string {
  const file = env.ZEKT_GITHUB_APP_PRIVATE_KEY_FILE?.trim();
  const inline = env.ZEKT_GITHUB_APP_PRIVATE_KEY?.trim();
  if (!file && !inline) {
    problems.push(
      'ZEKT_GITHUB_APP_PRIVATE_KEY or ZEKT_GITHUB_APP_PRIVATE_KEY_FILE is missing: generate a private key on the settings page of the App',
    );
    return '';
  }
  try {
    return readPrivateKey(inline || readFileSync(file ?? '', 'utf8'));
  } catch (error) {
    problems.push(
      inline
        ? `ZEKT_GITHUB_APP_PRIVATE_KEY can't be used: ${fileReason(error, '')}`
        : `ZEKT_GITHUB_APP_PRIVATE_KEY_FILE can't be used: ${fileReason(error, file ?? '')}`,
    );
    return '';
  }
}

/** Every name that is looked up in the environment: what a deployment may set. */
export function namesOfSettings(place?: 'azure'): string[] {
  const names = new Set<string>();
  const environment = new Proxy<Environment>(
    {},
    {
      get: (_, name) => {
        names.add(String(name));
        return undefined;
      },
    },
  );
  try {
    if (place === 'azure') readSettings(environment, place);
    else readSettings(environment);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
  }
  return [...names].sort();
}
