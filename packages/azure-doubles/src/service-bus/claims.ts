import type { Connection } from 'rhea';

/** Cancels an alarm. */
type Cancel = () => void;

/** Which addresses a connection may use, each until its token expires ("AMQP 1.0 in Azure Service Bus: claims-based security"). */
export class Claims {
  readonly #held = new Map<Connection, Map<string, Cancel>>();
  readonly #onExpiry: (connection: Connection, address: string) => void;

  constructor(onExpiry: (connection: Connection, address: string) => void) {
    this.#onExpiry = onExpiry;
  }

  /** A later token takes the place of an earlier one. */
  put(connection: Connection, address: string, at: (callback: () => void) => Cancel): void {
    const held = this.#held.get(connection) ?? new Map<string, Cancel>();
    this.#held.set(connection, held);
    held.get(address)?.();
    held.set(
      address,
      at(() => {
        held.delete(address);
        this.#onExpiry(connection, address);
      }),
    );
  }

  has(connection: Connection, address: string): boolean {
    return this.#held.get(connection)?.has(address) === true;
  }

  /** All tokens at once, as if their time had come. */
  expire(): void {
    for (const [connection, held] of this.#held) {
      for (const [address, cancel] of [...held]) {
        cancel();
        held.delete(address);
        this.#onExpiry(connection, address);
      }
    }
  }

  forget(connection: Connection): void {
    for (const cancel of this.#held.get(connection)?.values() ?? []) cancel();
    this.#held.delete(connection);
  }
}
