/** What goes wrong with a request, instead of or after its right answer. */
export type Fault =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly message?: string;
      /** In place of GitHub's JSON. */
      readonly body?: string;
    }
  /** The connection breaks before anything is done. */
  | { readonly kind: 'reset' }
  /** All is done as asked, then the connection breaks: the caller can't know. */
  | { readonly kind: 'resetAfter' }
  | { readonly kind: 'delay'; readonly ms: number };

export interface FaultRule {
  readonly method?: string;
  /** Part of the path. */
  readonly path: string;
  /** How often it strikes. @default 1 */
  readonly times?: number;
  /** 0 to 1. @default 1 */
  readonly probability?: number;
  readonly fault: Fault;
}

/** Faults to come, in the order they were added. */
export class Faults {
  #rules: { readonly rule: FaultRule; left: number }[] = [];
  readonly #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  add(rule: FaultRule): void {
    this.#rules.push({ rule, left: rule.times ?? 1 });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The fault that strikes this request, if one does. */
  next(method: string, path: string): Fault | null {
    const found = this.#rules.find(
      ({ rule, left }) =>
        left > 0 &&
        path.includes(rule.path) &&
        (rule.method === undefined || rule.method === method) &&
        this.#random() < (rule.probability ?? 1),
    );
    if (!found) return null;
    found.left -= 1;
    return found.rule.fault;
  }
}
