import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { DocumentStore } from '../ports/document-store.ts';
import { serverKeyId, serverPartition, type RunKey } from './keys.ts';

/** The item that is the run itself, where it carried no message. */
export const runItem = 'run';

/**
 * Ids that others see. They are HMACs of what they stand for, so the same thing always has the same id, and nobody without the server's
 * key can tell from an id, or by trying, which repository or run is behind it.
 */
export class OpaqueIds {
  /** Made once: from bytes each HMAC would cost five times as much. */
  readonly #key: KeyObject;

  /** @param key 32 bytes that never change while the data lives: see `keepServerKey` */
  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key);
  }

  /** Of what a run delivers: a message, or the run itself. */
  event(run: RunKey, item: string): string {
    return `evt-${this.#guid('event', run, item)}`;
  }

  /** The same content for the same subscription has the same id, however often it is decided. */
  delivery(run: RunKey, item: string, subscriptionId: string): string {
    return `delivery-${this.#guid('delivery', run, item, subscriptionId)}`;
  }

  /** A replay is a delivery of its own; `key` tells one replay from the next. */
  replay(deliveryId: string, key: string): string {
    return `delivery-${this.#guid('replay', null, deliveryId, key)}`;
  }

  /** Whether an id of a delivery was made here: others can't make one, so what it names exists, seen or not. */
  isGenuine(deliveryId: string): boolean {
    const match = /^delivery-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{4})([0-9a-f]{8})$/.exec(deliveryId);
    const [, guid, check] = match ?? [];
    return guid !== undefined && check === this.#check(guid);
  }

  /** The delivery id in a text, such as the `run-name` that a consumer gave its run; null without one that was made here. */
  findDelivery(text: string | null): string | null {
    const found = text === null ? null : /delivery-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])/.exec(text);
    return found && this.isGenuine(found[0]) ? found[0] : null;
  }

  /** A key for something else, from the same secret. 32 bytes. */
  derive(purpose: string): Uint8Array {
    return createHmac('sha256', this.#key).update(`derive:${purpose}`).digest();
  }

  #guid(kind: string, run: RunKey | null, ...parts: readonly string[]): string {
    const mac = createHmac('sha256', this.#key);
    const where = run ? [run.repository, run.runId, String(run.attempt)] : [];
    for (const part of [kind, ...where, ...parts]) mac.update(`${Buffer.byteLength(part)}:`).update(part);
    const hex = mac.digest('hex');
    const guid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 24)].join('-');
    return guid + this.#check(guid);
  }

  /** The last eight digits of a GUID, made from those before. */
  #check(guid: string): string {
    return createHmac('sha256', this.#key).update(`check:${guid}`).digest('hex').slice(0, 8);
  }
}

interface ServerKey {
  /** 32 bytes, base64. */
  readonly secret: string;
}

/** The server's key, made by the first process that asks and kept with the data: without the data the ids mean nothing. */
export async function keepServerKey(store: DocumentStore): Promise<Uint8Array> {
  for (;;) {
    const found = await store.get<ServerKey>(serverPartition, serverKeyId);
    if (found) return Buffer.from(found.body.secret, 'base64');
    const body: ServerKey = { secret: randomBytes(32).toString('base64') };
    const made = await store.commit({
      partition: serverPartition,
      writes: [{ kind: 'create', id: serverKeyId, body }],
    });
    if (made.committed) return Buffer.from(body.secret, 'base64');
    // Somebody else made it, and it is not visible here yet.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
