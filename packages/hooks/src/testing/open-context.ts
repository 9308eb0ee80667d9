import { ManualClock } from '@zekt/core/testing';
import { AddressGuard, createTransport, readExceptions, type Lookup } from '@zekt/egress';
import { openEmbedded, type Embedded } from '@zekt/embedded';
import { zektCatalogue } from '../catalogue/catalogue.ts';
import { createContext } from '../create-hooks.ts';
import type { HooksContext, HooksOptions } from '../hooks-context.ts';

export interface TestContext {
  readonly context: HooksContext;
  readonly clock: ManualClock;
  readonly embedded: Embedded;
  /** Of hooks, by name. */
  readonly counts: Map<string, number>;
  readonly secrets: Map<string, string>;
}

/** Hooks on a store in memory; loopback may be called. */
export function openContext(more: Partial<HooksOptions> & { readonly lookup?: Lookup } = {}): TestContext {
  const clock = new ManualClock();
  const embedded = openEmbedded(':memory:', clock);
  const counts = new Map<string, number>();
  const secrets = new Map<string, string>();
  const allowed = readExceptions(['127.0.0.1']);
  const { lookup, ...options } = more;
  const silent = (): void => undefined;
  const context = createContext(
    {
      store: embedded.store,
      clock,
      secrets: {
        get: async (name) => secrets.get(name) ?? null,
        set: async (name, value) => void secrets.set(name, value),
        remove: async (name) => void secrets.delete(name),
        names: async () => [...secrets.keys()],
      },
      transport: createTransport(allowed, lookup),
      guard: new AddressGuard(allowed, lookup),
      proxyFor: () => '',
      issuer: 'https://issuer.example',
      key: Buffer.alloc(32, 7),
      findAccount: async (login) => (login === 'acme' ? { id: '1', login } : null),
      isOff: false,
      random: () => 0.5,
      log: { debug: silent, info: silent, warn: silent, error: silent },
      count: (name) => void counts.set(name, (counts.get(name) ?? 0) + 1),
      ...options,
    },
    zektCatalogue,
  );
  return { context, clock, embedded, counts, secrets };
}
