import type { Send } from '../http.ts';
import type { TokenSource } from '../oidc-token.ts';
import type { Patience } from '../retry.ts';

/** All that this action does to the outside. */
export interface ApproveRunner {
  readonly repository: string;
  readonly eventName: string;
  readonly actor: string;
  /** The event's payload. */
  readonly event: Readonly<Record<string, unknown>>;
  readonly getInput: (name: string) => string;
  readonly setOutput: (name: string, value: string) => void;
  /** Kept for the step's `post`. */
  readonly saveState: (name: string, value: string) => void;
  readonly setSecret: (value: string) => void;
  readonly writeSummary: (markdown: string) => Promise<void>;
  readonly info: (message: string) => void;
  readonly warning: (message: string) => void;
  readonly setFailed: (message: string) => void;
  readonly tokenSource: TokenSource;
  readonly send: Send;
  readonly patience: Patience;
  readonly newKey: () => string;
}
