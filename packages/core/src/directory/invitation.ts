import { randomBytes } from 'node:crypto';
import type { Invitation } from '@zekt/contracts';
import { ZektError } from '../errors.ts';
import { invitationDocumentId, invitationPartition, type RepositoryRef } from '../identity/keys.ts';
import { isoTime } from '../ports/clock.ts';
import type { DocumentStore, Stored } from '../ports/document-store.ts';

interface InvitationDocument {
  readonly serviceId: string;
  readonly until: number;
  /** The repository that used it; the same one may use it again. */
  readonly usedBy: RepositoryRef | null;
}

const defaultSeconds = 7 * 86_400;

/** Makes a code for one consumer of a service. Only its hash is kept. */
export async function invite(
  store: DocumentStore,
  serviceId: string,
  expiresInSeconds: number = defaultSeconds,
  nowMs: number,
): Promise<Invitation> {
  const code = `zinv_${randomBytes(24).toString('base64url')}`;
  const until = nowMs + expiresInSeconds * 1000;
  const body: InvitationDocument = { serviceId, until, usedBy: null };
  await store.commit({
    partition: invitationPartition(code),
    writes: [{ kind: 'create', id: invitationDocumentId, body, expiresAt: until }],
  });
  return { code, expiresAt: isoTime(until) };
}

/**
 * Whether a code would be taken, without using it.
 *
 * @throws ZektError `invitation_invalid`: the same for a code that never was, is over, was used, or is for another service
 */
export async function checkInvitation(
  store: Pick<DocumentStore, 'get'>,
  code: string,
  serviceId: string,
  consumer: RepositoryRef,
  nowMs: number,
): Promise<Stored<InvitationDocument>> {
  const found = await store.get<InvitationDocument>(invitationPartition(code), invitationDocumentId);
  const isGood =
    found?.body.serviceId === serviceId &&
    found.body.until > nowMs &&
    (found.body.usedBy === null || found.body.usedBy === consumer);
  if (!isGood) throw invalidInvitation();
  return found;
}

/**
 * Uses a code up for one repository.
 *
 * @throws ZektError `invitation_invalid`, as `checkInvitation`
 */
export async function useInvitation(
  store: DocumentStore,
  code: string,
  serviceId: string,
  consumer: RepositoryRef,
  nowMs: number,
): Promise<void> {
  const found = await checkInvitation(store, code, serviceId, consumer, nowMs);
  const body: InvitationDocument = { ...found.body, usedBy: consumer };
  const used = await store.commit({
    partition: invitationPartition(code),
    writes: [{ kind: 'replace', id: invitationDocumentId, etag: found.etag, body, expiresAt: body.until }],
  });
  if (!used.committed) throw invalidInvitation();
}

export const invalidInvitation = (): ZektError =>
  new ZektError(
    'invitation_invalid',
    'The invitation is not valid (any more) for this service. Ask its provider for another.',
  );
