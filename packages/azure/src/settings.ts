/** Where store and bus are, and who we are there. */
export interface AzureSettings {
  readonly cosmos: { readonly endpoint: string; readonly key: string | null };
  /** A host name for Entra ID, or an emulator's connection string. */
  readonly serviceBus: { readonly namespace: string } | { readonly connectionString: string };
  /** Key Vault; null: secrets can't be kept. */
  readonly vaultUrl: string | null;
  /** Client id of a user-assigned identity. */
  readonly clientId: string | null;
}

/** What the bus alone needs. */
export type BusSettings = Pick<AzureSettings, 'serviceBus' | 'clientId'>;

type Environment = Readonly<Record<string, string | undefined>>;

export const isLoopback = (url: string): boolean => /^\w+:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|\/|;|$)/.test(url);

/** Whether any setting says that store and bus are in Azure. */
export const namesAzure = (env: Environment): boolean =>
  ['Cosmos', 'Cosmos__accountEndpoint', 'ServiceBus', 'ServiceBus__fullyQualifiedNamespace'].some((name) => env[name]);

/**
 * Settings by the names that the Functions host uses for its own connections: an exact name is a connection string, a prefix an identity.
 * Connection strings hold keys, so they are for emulators on loopback only.
 *
 * @returns null when something is wrong; what it is is added to `problems`
 */
export function readAzureSettings(env: Environment, problems: string[]): AzureSettings | null {
  const cosmos = readCosmos(env, problems);
  const bus = readBusSettings(env, problems);
  const vaultUrl = readVault(env, problems);
  return cosmos && bus && { cosmos, ...bus, vaultUrl };
}

/** The same for the bus alone, whatever the other settings are. */
export function readBusSettings(env: Environment, problems: string[]): BusSettings | null {
  const clientId = env.AZURE_CLIENT_ID?.trim() || null;
  const serviceBus = readServiceBus(env, problems);
  return serviceBus && { serviceBus, clientId };
}

function readVault(env: Environment, problems: string[]): string | null {
  const url = env.ZEKT_KEY_VAULT_URL?.trim() ?? '';
  if (url !== '' && !/^https:\/\/[\w.-]+\/?$/.test(url) && !isLoopback(url))
    problems.push(`ZEKT_KEY_VAULT_URL must be the https URL of a vault; got '${url}'`);
  return url === '' ? null : url;
}

function readCosmos(env: Environment, problems: string[]): AzureSettings['cosmos'] | null {
  const connection = env.Cosmos?.trim();
  if (connection) {
    const fields = fieldsOf(connection);
    const endpoint = fields.AccountEndpoint ?? '';
    if (isLoopback(endpoint) && fields.AccountKey) return { endpoint, key: fields.AccountKey };
    problems.push(
      'Cosmos must be a connection string of an emulator on loopback; for Azure set Cosmos__accountEndpoint and use an identity',
    );
    return null;
  }
  const endpoint = env.Cosmos__accountEndpoint?.trim() ?? '';
  if (/^https:\/\/[\w.-]+(:\d+)?\/?$/.test(endpoint)) return { endpoint, key: null };
  problems.push(`Cosmos__accountEndpoint must be the https URL of the account; got '${endpoint}'`);
  return null;
}

function readServiceBus(env: Environment, problems: string[]): AzureSettings['serviceBus'] | null {
  const connection = env.ServiceBus?.trim();
  if (connection) {
    if (isLoopback(fieldsOf(connection).Endpoint ?? '')) return { connectionString: connection };
    problems.push(
      'ServiceBus must be a connection string of an emulator on loopback; for Azure set ServiceBus__fullyQualifiedNamespace and use an identity',
    );
    return null;
  }
  const namespace = env.ServiceBus__fullyQualifiedNamespace?.trim() ?? '';
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?$/i.test(namespace)) return { namespace };
  problems.push(
    `ServiceBus__fullyQualifiedNamespace must be a host name such as 'zekt.servicebus.windows.net'; got '${namespace}'`,
  );
  return null;
}

/** `Name=value;…`; a value may hold `=`. */
function fieldsOf(connection: string): Record<string, string | undefined> {
  const pairs = connection.split(';').map((field) => {
    const equals = field.indexOf('=');
    return [field.slice(0, equals), field.slice(equals + 1)];
  });
  return Object.fromEntries(pairs) as Record<string, string | undefined>;
}
