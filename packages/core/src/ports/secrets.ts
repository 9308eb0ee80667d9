/** Secrets that operators hand over while Zekt runs: webhook URLs, tokens of notification services. Names are slugs. */
export interface Secrets {
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
  /** A missing one is no failure. */
  remove(name: string): Promise<void>;
  /** In order. */
  names(): Promise<readonly string[]>;
}
