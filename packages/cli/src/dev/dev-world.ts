import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '@zekt/core';
import {
  EntraSimulator,
  GitHubSimulator,
  SlackSimulator,
  TeamsSimulator,
  type EntraOptions,
  type SimulatorOptions,
} from '@zekt/simulator';
import { createClient, type Client } from '../client.ts';
import { startZekt, type RunningZekt } from '../serve/start-zekt.ts';
import { readSettings, type Environment, type Ports } from '@zekt/host';

/** Zekt, GitHub, Teams, Slack and Entra, all on loopback, knowing each other. */
export interface DevWorld {
  readonly github: GitHubSimulator;
  readonly entra: EntraSimulator;
  readonly teams: TeamsSimulator;
  readonly slack: SlackSimulator;
  readonly zekt: RunningZekt;
  readonly client: Client;
  /** What a terminal needs to speak to this Zekt. */
  readonly clientEnvironment: { readonly ZEKT_URL: string; readonly ZEKT_ADMIN_TOKEN: string };
  stop(): Promise<void>;
}

/** The tenant whose people may decide here. */
export const devTenant = 'a4c1e8d2-6b7f-4e09-9c35-1f2e3d4c5b6a';
/** What Microsoft was told to ask tokens for. */
export const cardAudience = 'api://auth-am-zekt-dev';

export interface WorldOptions {
  readonly log: Log;
  /** Settings that differ from the usual ones. */
  readonly settings?: Environment;
  /** Settings that name the simulated Entra. */
  readonly settingsOf?: (entra: EntraSimulator) => Environment;
  readonly simulator?: SimulatorOptions;
  readonly microsoft?: EntraOptions;
  readonly wrap?: (ports: Ports) => Ports;
  /** Starts Zekt with these settings. Default: in this process. */
  readonly start?: (settings: Environment) => Promise<RunningZekt>;
}

export async function createWorld(options: WorldOptions): Promise<DevWorld> {
  const dataDir = await mkdtemp(join(tmpdir(), 'zekt-dev-'));
  const forget = (): void => {
    rmSync(dataDir, { recursive: true, force: true });
    rmSync(`${dataDir}.key`, { force: true });
  };
  // A process that is told twice to end does not wait for the rest.
  process.once('exit', forget);
  const started: Stoppable[] = [];
  const stop = async (): Promise<void> => {
    for (const it of started.toReversed()) await it.stop();
    forget();
    process.off('exit', forget);
  };
  try {
    return await start(options, dataDir, started, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Stoppable {
  stop(): Promise<unknown>;
}

/** @param started what runs, the first to be stopped last */
async function start(
  {
    log,
    settings = {},
    settingsOf = () => ({}),
    simulator = {},
    microsoft = {},
    wrap,
    start: startServer,
  }: WorldOptions,
  dataDir: string,
  started: Stoppable[],
  stop: () => Promise<void>,
): Promise<DevWorld> {
  const running = <T extends Stoppable>(it: T): T => {
    started.push(it);
    return it;
  };
  const github = running(await GitHubSimulator.start(simulator));
  const entra = running(await EntraSimulator.start(microsoft));
  const teams = running(await TeamsSimulator.start());
  const slack = running(await SlackSimulator.start());
  const secret = settings.ZEKT_GITHUB_WEBHOOK_SECRET ?? randomBytes(24).toString('hex');
  const environment: Environment = {
    ZEKT_PORT: '0',
    ZEKT_ACCEPTORS: '0',
    ZEKT_DATA_DIR: dataDir,
    ZEKT_OIDC_ISSUERS: github.issuer.url,
    ZEKT_GITHUB_API_URL: github.url,
    ZEKT_GITHUB_APP_ID: github.appId,
    ZEKT_GITHUB_APP_PRIVATE_KEY: github.privateKey,
    ZEKT_GITHUB_WEBHOOK_SECRET: secret,
    ZEKT_GITHUB_URL: github.url,
    ZEKT_GITHUB_APP_CLIENT_ID: github.client.id,
    ZEKT_GITHUB_APP_CLIENT_SECRET: github.client.secret,
    ZEKT_ENTRA_AUTHORITY: entra.url,
    ZEKT_ENTRA_TENANTS: devTenant,
    ZEKT_ENTRA_CLIENT_ID: entra.client.id,
    ZEKT_ENTRA_CLIENT_SECRET: entra.client.secret,
    ZEKT_CARD_AUDIENCES: cardAudience,
    ZEKT_EGRESS_ALLOW: '127.0.0.1',
    ZEKT_APPROVAL_KEYS: `dev:${randomBytes(32).toString('base64')}`,
    ...settingsOf(entra),
    ...settings,
  };
  const zekt = running(
    await (startServer ? startServer(environment) : startZekt(readSettings(environment), log, wrap)),
  );
  started.push({ stop: () => github.webhooks.settled() });
  github.sendWebhooksTo({ url: `${zekt.url}/api/github/webhooks`, secret });
  const clientEnvironment = { ZEKT_URL: zekt.url, ZEKT_ADMIN_TOKEN: zekt.adminToken };
  return {
    github,
    entra,
    teams,
    slack,
    zekt,
    client: createClient(clientEnvironment),
    clientEnvironment,
    stop,
  };
}
