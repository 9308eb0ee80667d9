import { zektCatalogue, type Catalogue } from './catalogue/catalogue.ts';
import { ServerKey } from './calls/server-key.ts';
import type { HooksContext, HooksOptions } from './hooks-context.ts';
import { ScopeHooks } from './store/scope-hooks.ts';
import { SigningKeys } from './targets/signing-keys.ts';

/** Hooks as everything else uses them. */
export type Hooks = HooksContext;

export const createContext = (options: HooksOptions, catalogue: Catalogue): HooksContext => ({
  ...options,
  catalogue,
  scopes: new ScopeHooks(options.store, options.clock),
  signingKeys: new SigningKeys(options.secrets),
  serverKey: new ServerKey(options.key),
});

export const createHooks = (options: HooksOptions): Hooks => createContext(options, zektCatalogue);
