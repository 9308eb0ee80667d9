import { randomUUID } from 'node:crypto';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { IdentityDouble, Verified } from './identity-double.ts';

/** How a service takes tokens: over TLS with this certificate, and only if this check says so. */
export interface EntraDoor {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  /** PEM of the authority that issued it: for other processes, which must be told to trust it. */
  readonly ca: string;
  verify(token: string, audience: string): Verified;
}

/** A door for the tokens of an identity, with a certificate for 127.0.0.1 which this process trusts from now on. */
export async function openEntraDoor(identity: Pick<IdentityDouble, 'verify'>): Promise<EntraDoor> {
  certificate ??= issue();
  return { ...(await certificate), verify: (token, audience) => identity.verify(token, audience) };
}

/** One for all doors of a process. Two authorities of one name could not be told apart. */
let certificate: Promise<Omit<EntraDoor, 'verify'>> | null = null;

async function issue(): Promise<Omit<EntraDoor, 'verify'>> {
  const { createAuthority } = await import('@zekt/egress/testing');
  const authority = await createAuthority(`Azure doubles ${randomUUID()}`);
  setDefaultCACertificates([...getCACertificates('default'), authority.ca]);
  return { ...(await authority.issue('localhost')), ca: authority.ca };
}
