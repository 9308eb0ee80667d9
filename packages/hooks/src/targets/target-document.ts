import type { HookTargetSpec } from '@zekt/contracts';
import type { PublicKey } from './public-keys.ts';

/** A signing key; its value is in the secret store. */
export interface SigningKeyRef {
  readonly id: string;
  /** Used until then (ms); null: it is the current one. */
  readonly until: number | null;
}

/** A target as stored. Times in milliseconds. */
export interface TargetDocument {
  readonly spec: HookTargetSpec;
  /** The newest first. */
  readonly keys: readonly SigningKeyRef[];
  readonly publicKeys: readonly PublicKey[];
  readonly createdAt: number;
  readonly changedAt: number;
}

/** The keys that calls are signed with at a time. */
export const keysInUse = ({ keys }: Pick<TargetDocument, 'keys'>, nowMs: number): readonly SigningKeyRef[] =>
  keys.filter(({ until }) => until === null || until > nowMs);
