import { bytesAsText, compact, readings } from './readings.ts';

/** So many bytes of a secret are too much to show. */
const windowBytes = 8;
/** A shorter secret would be found by chance. */
const shortestSecret = 4;

/** Finds parts of secrets in texts, however they are encoded. */
export class SecretWindows {
  /** By length. */
  readonly #windows = new Map<number, Set<string>>();

  add(secret: string): void {
    for (const form of [secret, compact(secret)]) this.#add(bytesAsText(form));
  }

  /** Whether eight bytes of a secret in a row, or all of a shorter one, can be read out of a text. */
  isIn(text: string): boolean {
    for (const reading of readings(text))
      for (const [length, windows] of this.#windows) if (holdsOne(reading, windows, length)) return true;
    return false;
  }

  #add(bytes: string): void {
    if (bytes.length < shortestSecret) return;
    const length = Math.min(bytes.length, windowBytes);
    const set = this.#windows.get(length) ?? new Set<string>();
    this.#windows.set(length, set);
    for (let start = 0; start + length <= bytes.length; start += 1) set.add(bytes.slice(start, start + length));
  }
}

function holdsOne(text: string, windows: ReadonlySet<string>, length: number): boolean {
  for (let start = 0; start + length <= text.length; start += 1)
    if (windows.has(text.slice(start, start + length))) return true;
  return false;
}
