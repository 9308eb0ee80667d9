import { diskTroubleOf, DiskUnavailableError, type DiskTrouble } from './disk-trouble.ts';

/** Told of each write that fails because of the disk, with its error; and with null when writing works again. */
export type OnTrouble = (cause: unknown) => void;

/** What is known of the disk from the writes to it. */
export class StoreHealth {
  readonly #onTrouble: OnTrouble;
  #trouble: DiskTrouble | null = null;
  #lose: (reason: Error) => void = () => undefined;
  /** Resolves when nobody knows any more what the disk has kept: only a new start finds out. */
  readonly lost: Promise<Error>;

  constructor(onTrouble: OnTrouble = () => undefined) {
    this.#onTrouble = onTrouble;
    this.lost = new Promise((resolve) => (this.#lose = resolve));
  }

  /** Whether the last write failed because of the disk. */
  get isTroubled(): boolean {
    return this.#trouble !== null;
  }

  /** Takes note of a write that failed; returns what its caller is told. */
  failed(error: unknown): unknown {
    const trouble = diskTroubleOf(error);
    if (trouble === null) return notWritten(error);
    this.#trouble = trouble;
    this.#onTrouble(error);
    return new DiskUnavailableError(trouble, error);
  }

  /** Takes note that something was written, and is on disk. */
  wrote(): void {
    if (this.#trouble === null) return;
    this.#trouble = null;
    this.#onTrouble(null);
  }

  /** After a sync that failed, the system may have forgotten what it could not write: another sync would not tell. */
  lose(cause: unknown): void {
    this.#trouble = 'failing';
    this.#lose(
      new Error(`The disk could not keep what was written: ${messageOf(cause)}. Check the disk, then start again.`, {
        cause,
      }),
    );
  }
}

const messageOf = (error: unknown): string => (Error.isError(error) ? error.message : String(error));

const notWritten = (cause: unknown): Error => new Error(`The store could not write: ${messageOf(cause)}`, { cause });
