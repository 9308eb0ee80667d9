import type { SecretResource } from '@zekt/contracts';
import { digest, ZektError, type Applied, type PutContext, type Secrets } from '@zekt/core';
import { defaultNamespace, keyOf, keyText, type ObjectKey } from './object-key.ts';

/** Names of the secret store have at most 64 characters. */
const longestName = 64;
const digestChars = 32;

/**
 * Where the secret store keeps a Secret of Kubernetes: `namespace--name`, and the name alone for the default namespace. Two hyphens stand
 * between the two and nowhere else, three before the digest that tells apart what has no such name: so no two Secrets have the same.
 */
export function secretName({ namespace, name }: ObjectKey): string {
  const readable = namespace === defaultNamespace ? name : `${namespace}--${name}`;
  const isPlain = [namespace, name].every((part) => /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(part));
  if (isPlain && readable.length >= 2 && readable.length <= longestName) return readable;
  const cut = readable.replace(/[^a-z0-9-]/g, '-').slice(0, longestName - digestChars - 3);
  return `${cut.replace(/^-+/, '') || 's'}---${digest(namespace, name).slice(0, digestChars)}`;
}

export interface SecretRef {
  readonly name: string;
  readonly key?: string | undefined;
}

/** The values of a secret by key, without white space around them; a sentence when it can't be had. */
export async function readSecret(
  secrets: Secrets,
  namespace: string,
  { name, key }: SecretRef,
): Promise<Readonly<Record<string, string>> | string> {
  const stored = secretName({ namespace, name });
  const text = await secrets.get(stored);
  if (text === null) return `There is no secret '${stored}'.`;
  if (key !== undefined) return { [key]: text.trim() };
  const problem = `The secret '${stored}' must be a JSON object of texts, or secretRef must name the key that it is.`;
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return problem;
    const entries = Object.entries(value);
    if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) return problem;
    return Object.fromEntries(entries.map(([field, it]) => [field, it.trim()]));
  } catch {
    return problem;
  }
}

const fieldsOf = (text: string | null): Record<string, string> => {
  try {
    return text === null ? {} : (JSON.parse(text) as Record<string, string>);
  } catch {
    return {};
  }
};

/**
 * Keeps a Secret of Kubernetes. What changed is told by key only.
 *
 * @throws ZektError `invalid_resource` when a value is no Base64 of a text, or is still encrypted
 */
export async function putSecret(
  secrets: Secrets,
  { dryRun }: Pick<PutContext, 'dryRun'>,
  resource: SecretResource,
): Promise<Applied<object>> {
  const key = keyOf(resource.metadata);
  const values = { ...decoded(key, resource.data ?? {}), ...resource.stringData };
  for (const [field, value] of Object.entries(values))
    if (value.startsWith('ENC[AES256_GCM,'))
      throw new ZektError(
        'invalid_resource',
        `Secret ${keyText(key)}: '${field}' is encrypted with SOPS. Decrypt the file first: sops --decrypt FILE.`,
      );
  const name = secretName(key);
  const text = await secrets.get(name);
  const before = fieldsOf(text);
  const changes = [...new Set([...Object.keys(before), ...Object.keys(values)])]
    .sort()
    .flatMap((field) =>
      before[field] === values[field]
        ? []
        : [`${field}: ${before[field] === undefined ? 'nothing' : '***'} -> ${field in values ? '***' : 'nothing'}`],
    );
  if (text !== null && changes.length === 0) return { action: 'unchanged', changes, document: key };
  if (!dryRun) await secrets.set(name, JSON.stringify(values));
  return { action: text === null ? 'created' : 'updated', changes, document: key };
}

function decoded(key: ObjectKey, data: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).map(([field, value]) => {
      if (value.startsWith('ENC[')) return [field, value];
      if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value))
        throw new ZektError('invalid_resource', `Secret ${keyText(key)}: 'data.${field}' is not Base64.`);
      return [field, Buffer.from(value, 'base64').toString('utf8')];
    }),
  );
}
