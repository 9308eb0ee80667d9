import type { Handler, Listeners } from '@zekt/core';
import { zektCatalogue, type Catalogue } from './catalogue/catalogue.ts';
import { ServerKey } from './calls/server-key.ts';
import { eventListeners } from './events/event-listeners.ts';
import { eventCallsHandler } from './events/handle-event-call.ts';
import type { HooksContext, HooksOptions } from './hooks-context.ts';
import { ScopeHooks } from './store/scope-hooks.ts';
import { SigningKeys } from './targets/signing-keys.ts';

/** Hooks as everything else uses them. */
export interface Hooks extends HooksContext {
  /** Of the queue `hooks`. */
  readonly handler: Handler;
  /** Puts what targets are to be told of domain events in order. */
  readonly listeners: Listeners;
}

export const createContext = (options: HooksOptions, catalogue: Catalogue): HooksContext => ({
  ...options,
  catalogue,
  scopes: new ScopeHooks(options.store, options.clock),
  signingKeys: new SigningKeys(options.secrets),
  serverKey: new ServerKey(options.key),
});

export function createHooks(options: HooksOptions): Hooks {
  const context = createContext(options, zektCatalogue);
  return { ...context, handler: eventCallsHandler(context), listeners: eventListeners(context) };
}
