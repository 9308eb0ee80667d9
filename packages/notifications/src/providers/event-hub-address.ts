import type { ProviderConfig } from './provider-type.ts';

/** Azure's own names: nobody else can make one of them point anywhere. */
const azureSuffixes = ['windows.net', 'chinacloudapi.cn', 'usgovcloudapi.net', 'cloudapi.de'].map(
  (cloud) => `.servicebus.${cloud}`,
);

/** A hub, in parts that were all checked. */
export interface HubAddress {
  /** Host name or address, in lower case. */
  readonly host: string;
  readonly hub: string;
  readonly access:
    | { readonly kind: 'jwt'; readonly token: string }
    /** Written anew from its parts: the client reads nothing else than what was checked. */
    | { readonly kind: 'sas'; readonly connectionString: string; readonly isEmulator: boolean };
}

/** Where only Azure can lead. */
export const isAzureHost = (host: string): boolean => azureSuffixes.some((suffix) => host.endsWith(suffix));

const hostName = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const hubName = /^[A-Za-z0-9._-]{1,256}$/;
const endpointForm = /^sb:\/\/([A-Za-z0-9.-]+)(?::(\d{1,5}))?\/?$/;

/** The parts that there are ("Get an Event Hubs connection string", Azure documentation), as the client spells them. */
const known: ReadonlySet<string> = new Set([
  'Endpoint',
  'EntityPath',
  'SharedAccessKeyName',
  'SharedAccessKey',
  'SharedAccessSignature',
  'UseDevelopmentEmulator',
]);

/** A connection string with a shared access key; or the hub's name, its namespace as channel and a JWT that somebody else renews. A sentence where it is neither. */
export function readHubAddress({ address, channel, token }: ProviderConfig): HubAddress | string {
  if (/SharedAccess|Endpoint\s*=/i.test(address)) {
    if (token !== '') return 'token must not be given beside a connection string';
    return readConnectionString(address, channel);
  }
  if (channel === '') return "channel must be the hub's namespace";
  if (token === '') return 'token is missing: a JWT, or give a connection string as address';
  const host = (channel.includes('.') ? channel : `${channel}.servicebus.windows.net`).toLowerCase();
  if (!hostName.test(host)) return "channel must be the name of the hub's namespace, or its host";
  if (!hubName.test(address)) return "address must be a hub's name, or a connection string";
  return { host, hub: address, access: { kind: 'jwt', token } };
}

function readConnectionString(text: string, channel: string): HubAddress | string {
  const parts = partsOf(text);
  if (typeof parts === 'string') return parts;
  const [, name = '', port] = endpointForm.exec(parts.get('Endpoint') ?? '') ?? [];
  const host = name.toLowerCase();
  if (!hostName.test(host))
    return 'address must be a connection string with an Endpoint like sb://NAMESPACE.servicebus.windows.net/';
  if (isAzureHost(host) && port !== undefined && port !== '5671')
    return "the Endpoint of a namespace of Azure's has no port";
  const hub = parts.get('EntityPath') ?? channel;
  if (hub === '') return 'address must end with ;EntityPath=<hub>, or channel must name the hub';
  if (!hubName.test(hub)) return "EntityPath, or the channel, must be a hub's name";
  const access = accessOf(parts);
  if (access === null)
    return 'address must hold SharedAccessKeyName and SharedAccessKey, or a SharedAccessSignature, and not both';
  const isEmulator = parts.get('UseDevelopmentEmulator') === 'true';
  const endpoint = `Endpoint=sb://${host}${port === undefined ? '' : `:${port}`}/`;
  const connectionString = [endpoint, ...access, ...(isEmulator ? ['UseDevelopmentEmulator=true'] : [])].join(';');
  return { host, hub, access: { kind: 'sas', connectionString, isEmulator } };
}

/** Each part once, and none that is unknown. */
function partsOf(text: string): ReadonlyMap<string, string> | string {
  const parts = new Map<string, string>();
  for (const part of text.split(';').map((it) => it.trim())) {
    if (part === '') continue;
    const [, name = '', value = ''] = /^(\w+)\s*=\s*(.*)$/s.exec(part) ?? [];
    if (!known.has(name))
      return "address holds what is no part of a connection string of Event Hubs; its parts are spelled like 'Endpoint'";
    if (parts.has(name)) return `address holds ${name} twice`;
    parts.set(name, value);
  }
  return parts;
}

function accessOf(parts: ReadonlyMap<string, string>): readonly string[] | null {
  const [name, key, signature] = ['SharedAccessKeyName', 'SharedAccessKey', 'SharedAccessSignature'].map(
    (part) => parts.get(part) ?? '',
  );
  if (signature !== '' && name === '' && key === '')
    return signature?.startsWith('SharedAccessSignature ') === true ? [`SharedAccessSignature=${signature}`] : null;
  return signature === '' && name !== '' && key !== ''
    ? [`SharedAccessKeyName=${name}`, `SharedAccessKey=${key}`]
    : null;
}
