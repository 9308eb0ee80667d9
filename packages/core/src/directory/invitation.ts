import { randomBytes } from 'node:crypto';
import type { Invitation } from '@zekt/contracts';
import { ZektError } from '../errors.ts';
import { digest } from '../identity/digest.ts';
import { isoTime } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';

interface InvitationDocument {
  readonly service: string;
  readonly until: number;
  /** The repository that used it; the same one may use it again. */
  readonly usedBy: string | null;
}

const defaultSeconds = 7 * 86_400;
const partitionOf = (code: string): string => `invitation:${digest(code)}`;

/** Makes a code for one consumer of a service. Only its hash is kept. */
export async function invite(
  store: DocumentStore,
  service: string,
  expiresInSeconds: number = defaultSeconds,
  nowMs: number,
): Promise<Invitation> {
  const code = `zinv_${randomBytes(24).toString('base64url')}`;
  const until = nowMs + expiresInSeconds * 1000;
  const body: InvitationDocument = { service, until, usedBy: null };
  await store.commit({
    partition: partitionOf(code),
    writes: [{ kind: 'create', id: 'invitation', body, expiresAt: until }],
  });
  return { code, expiresAt: isoTime(until) };
}

/**
 * Uses a code up for one repository.
 *
 * @throws ZektError `invitation_invalid`: the same for a code that never was, is over, was used, or is for another service
 */
export async function useInvitation(
  store: DocumentStore,
  code: string,
  service: string,
  repositoryId: string,
  nowMs: number,
): Promise<void> {
  const found = await store.get<InvitationDocument>(partitionOf(code), 'invitation');
  const isGood =
    found?.body.service === service &&
    found.body.until > nowMs &&
    (found.body.usedBy === null || found.body.usedBy === repositoryId);
  const taken =
    isGood &&
    (await store.commit({
      partition: partitionOf(code),
      writes: [
        {
          kind: 'replace',
          id: 'invitation',
          etag: found.etag,
          body: { ...found.body, usedBy: repositoryId },
          expiresAt: found.body.until,
        },
      ],
    }));
  if (!taken || !taken.committed) throw invalidInvitation();
}

export const invalidInvitation = (): ZektError =>
  new ZektError(
    'invitation_invalid',
    'The invitation is not valid (any more) for this service. Ask its provider for another.',
  );
