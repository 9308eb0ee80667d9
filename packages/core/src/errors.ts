import type { LimitName } from '@zekt/contracts';

/** Every reason for which Zekt refuses a caller. Stable: programs branch on them. */
export type ErrorCode =
  | 'invalid_json'
  | 'invalid_body'
  | 'invalid_query'
  | 'invalid_resource'
  | 'missing_token'
  | 'invalid_token'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'wrong_audience'
  | 'issuer_not_trusted'
  | 'issuer_unreachable'
  | 'missing_signature'
  | 'invalid_signature'
  | 'invalid_webhook'
  | 'reserved_event_type'
  | 'repository_mismatch'
  | 'run_mismatch'
  | 'pull_request_refused'
  | 'provider_suspended'
  | 'unknown_execution'
  | 'repository_not_enabled'
  | 'repository_not_found'
  | 'payload_too_large'
  | 'payload_too_large_for_dispatch'
  | 'payload_too_deep'
  | 'body_too_large'
  | 'body_too_slow'
  | 'client_closed_request'
  | 'too_many_messages'
  | 'idempotency_key_reused'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'ambiguous_correlation'
  | 'payload_gone'
  | 'subscription_not_approved'
  | 'forbidden'
  | 'not_default_branch'
  | 'invitation_invalid'
  | 'requester_unknown'
  | 'approval_link_invalid'
  | 'approval_not_allowed'
  | 'approval_comment_required'
  | 'approval_in_progress'
  | 'approval_already_decided'
  | 'approval_expired'
  | 'approval_not_dispatched'
  | 'hook_condition_invalid'
  | 'hook_target_unknown'
  | 'hook_target_unfit'
  | 'hook_include_unknown'
  | 'hook_include_circular'
  | 'hook_include_too_deep'
  | 'hook_list_too_long'
  | 'hook_in_use'
  | 'hook_endpoint_refused'
  | 'hook_failed'
  | 'hook_refused'
  | 'hook_unreachable'
  | 'hook_timeout'
  | 'too_many_requests'
  | 'quota_exceeded'
  | 'github_unreachable'
  | 'github_refused'
  | 'unavailable'
  | 'newer_version'
  | 'misconfigured'
  | 'internal';

/** How much somebody may ask for within a time; or have at once, where there is no time (null). */
export interface Allowance {
  readonly name: LimitName;
  readonly quota: number;
  readonly windowMs: number | null;
}

/** A refusal with a sentence that says what was wrong, with which value (never a secret), and what to do. */
export class ZektError extends Error {
  override readonly name = 'ZektError';
  readonly code: ErrorCode;
  /** When it may help to try again (ms from now), where that is known. */
  readonly retryAfterMs: number | null;
  /** The allowance that is used up, where that is the reason. */
  readonly usedUp: Allowance | null;
  /** The HTTP status, 400 to 499, where somebody else said which; null: the code's own. */
  readonly ownStatus: number | null;

  constructor(
    code: ErrorCode,
    message: string,
    options: ErrorOptions & {
      readonly retryAfterMs?: number;
      readonly usedUp?: Allowance;
      readonly status?: number;
    } = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.usedUp = options.usedUp ?? null;
    this.ownStatus = options.status ?? null;
  }
}
