import type { ChannelPage, Removed, SecretName, SecretPage } from '@zekt/contracts';
import { listChannels, removeChannel } from '@zekt/chatops';
import { ZektError } from '@zekt/core';
import { param, readPaging, type Call } from './call.ts';
import { readContract } from './read-body.ts';

export async function list(call: Call): Promise<ChannelPage> {
  const { after, limit } = readPaging(call);
  const page = await listChannels(call.zekt.store, after, limit);
  return { items: [...page.items], next: page.next };
}

export async function remove(call: Call): Promise<Removed> {
  await removeChannel(call.zekt.store, param(call, 'name'));
  return { removed: param(call, 'name') };
}

/** @throws ZektError `invalid_query` */
function secretName(call: Call): string {
  const name = param(call, 'name');
  if (!/^[a-z0-9][a-z0-9-]{0,62}[a-z0-9]$/.test(name))
    throw new ZektError(
      'invalid_query',
      'The name of a secret has 2 to 64 lower-case letters, digits and inner hyphens.',
    );
  return name;
}

export async function putSecret(call: Call): Promise<SecretName> {
  const name = secretName(call);
  const { value } = await readContract(call.request, 'SecretValue');
  await call.zekt.secrets.set(name, value);
  return { name };
}

export async function listSecrets({ zekt }: Call): Promise<SecretPage> {
  return { items: (await zekt.secrets.names()).map((name) => ({ name })), next: null };
}

export async function removeSecret(call: Call): Promise<Removed> {
  const name = secretName(call);
  await call.zekt.secrets.remove(name);
  return { removed: name };
}
