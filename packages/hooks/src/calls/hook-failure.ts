import { printable, ZektError, type ErrorCode } from '@zekt/core';

/** How a call went wrong, as logs and counters name it. */
export type FailureClass = 'status' | 'forwarded' | 'answer' | 'timeout' | 'unreachable' | 'refused_address' | 'no_key';

/** Why a call came to nothing. What it says may be shown to whoever called Zekt. */
export class HookFailure extends ZektError {
  readonly failure: FailureClass;
  /** What the target answered; null: it did not. */
  readonly status: number | null;
  /** By `Retry-After` (ms). */
  readonly askedToWaitMs: number | null;

  constructor(
    failure: FailureClass,
    message: string,
    { status = null, forwardedStatus, askedToWaitMs = null, cause }: FailureDetails = {},
  ) {
    super(codeOf[failure], printable(message), {
      ...(cause !== undefined && { cause }),
      ...(forwardedStatus !== undefined && { status: forwardedStatus }),
    });
    this.failure = failure;
    this.status = status;
    this.askedToWaitMs = askedToWaitMs;
  }
}

interface FailureDetails {
  readonly status?: number | null;
  readonly askedToWaitMs?: number | null;
  /** 400 to 499, where the target said which. */
  readonly forwardedStatus?: number;
  readonly cause?: unknown;
}

const codeOf: Readonly<Record<FailureClass, ErrorCode>> = {
  status: 'hook_failed',
  forwarded: 'hook_refused',
  answer: 'hook_failed',
  timeout: 'hook_timeout',
  unreachable: 'hook_unreachable',
  refused_address: 'hook_unreachable',
  no_key: 'hook_failed',
};
