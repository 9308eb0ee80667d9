import type { Runner } from '../run.ts';

/** All that this action does to the outside. */
export interface ApproveRunner extends Omit<Runner, 'isDebug' | 'debug' | 'traceparent'> {
  readonly repository: string;
  readonly eventName: string;
  readonly actor: string;
  /** The event's payload. */
  readonly event: Readonly<Record<string, unknown>>;
  /** Kept for the step's `post`. */
  readonly saveState: (name: string, value: string) => void;
}
