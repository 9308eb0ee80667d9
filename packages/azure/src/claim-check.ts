import type { Body, DocumentStore, Write } from '@zekt/core';

/** A body that is kept in the store, because a message could not carry it. */
export interface BodyReference {
  readonly partition: string;
  readonly parts: number;
}

/** Service Bus (Standard) takes 256 kB with all properties; the outbox document must hold several messages. */
export const maxInlineBytes = 64 * 1024;
/** In UTF-16 units, so at most 1.5 MB of UTF-8: a document may have 2 MB. */
const partLength = 500_000;
/** As long as payloads can be replayed. */
const keptMs = 90 * 86_400_000;

const partId = (index: number): string => `part:${String(index).padStart(4, '0')}`;

/** Keeps a large body beside the messages. The same name again overwrites the same documents. */
export async function depositBody(
  store: Pick<DocumentStore, 'commit'>,
  name: string,
  text: string,
  nowMs: number,
): Promise<BodyReference> {
  const partition = `body:${name}`;
  const parts = Math.ceil(text.length / partLength);
  for (let index = 0; index < parts; index += 1) {
    const part = text.slice(index * partLength, (index + 1) * partLength);
    const write: Write = { kind: 'put', id: partId(index), body: { part }, expiresAt: nowMs + keptMs };
    await store.commit({ partition, writes: [write] });
  }
  return { partition, parts };
}

/** @throws Error when a part is no longer kept */
export async function collectBody(
  store: Pick<DocumentStore, 'get'>,
  { partition, parts }: BodyReference,
): Promise<object> {
  let text = '';
  for (let index = 0; index < parts; index += 1) {
    const found = await store.get<Body & { part: string }>(partition, partId(index));
    if (!found) throw new Error(`The body of ${partition} is no longer kept.`);
    text += found.body.part;
  }
  return JSON.parse(text) as object;
}
