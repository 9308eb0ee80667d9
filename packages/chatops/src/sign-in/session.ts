import type { Clock, DocumentStore } from '@zekt/core';
import { randomBytes } from 'node:crypto';
import type { Person } from '../approval/may-decide.ts';
import type { SigningKeys } from '../approval/signing-keys.ts';
import { sessionDocumentId, sessionPartition } from '../keys.ts';

/** Somebody signed in by a browser. */
export interface Session {
  /** Random; the cookie holds it, the store only its hash. */
  readonly id: string;
  readonly person: Person;
}

interface SessionDocument {
  readonly person: Person;
  readonly until: number;
}

export const sessionMs = 3_600_000;

export async function openSession(store: DocumentStore, clock: Clock, person: Person): Promise<string> {
  const id = randomBytes(32).toString('base64url');
  const until = clock.now() + sessionMs;
  const body: SessionDocument = { person, until };
  await store.commit({
    partition: sessionPartition(id),
    writes: [{ kind: 'create', id: sessionDocumentId, body, expiresAt: until }],
  });
  return id;
}

export async function findSession(store: DocumentStore, clock: Clock, id: string | null): Promise<Session | null> {
  if (id === null || !/^[\w-]{43}$/.test(id)) return null;
  const found = await store.get<SessionDocument>(sessionPartition(id), sessionDocumentId);
  return found && found.body.until > clock.now() ? { id, person: found.body.person } : null;
}

export async function closeSession(store: DocumentStore, id: string): Promise<void> {
  await store.commit({ partition: sessionPartition(id), writes: [{ kind: 'delete', id: sessionDocumentId }] });
}

/** What a form must bring along to be one of ours: bound to the session and to what it does. */
export function formToken(keys: SigningKeys, session: Session, purpose: string): string {
  const { keyId, mac } = keys.sign('forms', `${session.id}\n${purpose}`);
  return `${keyId}.${mac.toString('base64url')}`;
}

export function isFormToken(keys: SigningKeys, session: Session, purpose: string, given: string): boolean {
  const [keyId = '', mac = ''] = given.split('.');
  return keys.isSigned('forms', keyId, `${session.id}\n${purpose}`, Buffer.from(mac, 'base64url'));
}
