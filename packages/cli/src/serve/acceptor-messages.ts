import type { Answer, BudgetShare, HandedOver } from '@zekt/api';
import type { ProofSettings } from '@zekt/github';
import type { Address } from './start-http-server.ts';

/** What an acceptor is told when it starts. */
export interface AcceptorSettings {
  readonly proofs: ProofSettings;
  /** Null: where it listens. */
  readonly publicUrl: string | null;
  readonly bodies: BudgetShare;
  readonly address: Address;
  /** Port on loopback of the server that answers everything else. */
  readonly forwardTo: number;
}

/** Many at once, as JSON text: it crosses as it is, while objects would be copied property by property. */
export type Crossing<T> = readonly (readonly [id: number, T])[];

export type FromAcceptor =
  | { readonly kind: 'listening'; readonly url: string; readonly port: number }
  /** `text` is a Crossing of HandedOver. */
  | { readonly kind: 'handed'; readonly text: string }
  | { readonly kind: 'refusing' }
  | { readonly kind: 'stopped' };

export type ToAcceptor =
  /** `text` is a Crossing of Answer. */
  | { readonly kind: 'answered'; readonly text: string }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'stop'; readonly graceMs: number; readonly quietMs: number };

export type { Answer, HandedOver };
