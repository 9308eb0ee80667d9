import { memoise } from './memoise.ts';

export interface GitAddress {
  /** `https://git.acme.io`, with the port if there is one. */
  readonly origin: string;
  readonly scheme: 'http' | 'https';
  readonly host: string;
  /** `owner/repository`, and more parts where a host has them. */
  readonly id: string;
}

/** A repository's address: `https://`, `ssh://` or `git@host:path`. Null when it is none, or has `.` or `..` in its path. */
export const readGitAddress = memoise((address: string): GitAddress | null => {
  const scp = /^(?:[\w.-]+@)([\w.-]+):(?!\/\/)(.+)$/.exec(address);
  const url = URL.parse(scp ? `ssh://${scp[1] ?? ''}/${scp[2] ?? ''}` : address);
  if (!url || !['http:', 'https:', 'ssh:'].includes(url.protocol) || url.hostname === '') return null;
  const scheme = url.protocol === 'http:' ? 'http' : 'https';
  const id = decodeURIComponentOr(url.pathname)
    .replace(/^\/+/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  if (id.split('/').some((part) => part === '.' || part === '..')) return null;
  return { origin: `${scheme}://${url.host}`, scheme, host: url.host, id };
});

function decodeURIComponentOr(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
