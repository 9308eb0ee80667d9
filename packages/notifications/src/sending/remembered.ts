import type { Clock } from '@zekt/core';
import type { Remembered } from '../providers/provider-type.ts';
import type { ProviderDocument } from '../resources/provider-document.ts';

const mostProviders = 1000;
/** Of each. */
const mostValues = 1000;

/** What exchanges keep for the next one, in this process: forgotten when the provider is changed. */
export class RememberedByProvider {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #values = new Map<string, Map<string, { readonly value: string; readonly until: number }>>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  of(provider: ProviderDocument): Remembered {
    const key = JSON.stringify(provider);
    let values = this.#values.get(key);
    if (!values) {
      values = new Map();
      this.#values.set(key, values);
      const oldest = this.#values.size > mostProviders ? this.#values.keys().next().value : undefined;
      if (oldest !== undefined) this.#values.delete(oldest);
    }
    const own = values;
    return {
      get: (name) => {
        const known = own.get(name);
        return known && known.until > this.#clock.now() ? known.value : undefined;
      },
      set: (name, value, until) => {
        own.delete(name);
        if (until <= this.#clock.now()) return;
        own.set(name, { value, until });
        const first = own.size > mostValues ? own.keys().next().value : undefined;
        if (first !== undefined) own.delete(first);
      },
    };
  }
}
