import type { ErrorAnswer } from '@zekt/contracts';
import type { ErrorCode, ZektError } from '@zekt/core';
import type { Answer } from './answer.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';
import { shortSentence } from './short-sentence.ts';

/** The one table from reasons to HTTP statuses. */
const statusOf: Readonly<Record<ErrorCode, number>> = {
  invalid_json: 400,
  invalid_body: 400,
  invalid_query: 400,
  invalid_resource: 400,
  invalid_webhook: 400,
  reserved_event_type: 400,
  approval_comment_required: 400,
  hook_condition_invalid: 400,
  hook_target_unknown: 400,
  hook_target_unfit: 400,
  hook_include_unknown: 400,
  hook_include_circular: 400,
  hook_include_too_deep: 400,
  hook_list_too_long: 400,
  hook_endpoint_refused: 400,
  hook_failed: 400,
  missing_token: 401,
  invalid_token: 401,
  token_expired: 401,
  token_not_yet_valid: 401,
  wrong_audience: 401,
  issuer_not_trusted: 401,
  missing_signature: 401,
  invalid_signature: 401,
  repository_mismatch: 403,
  run_mismatch: 403,
  pull_request_refused: 403,
  provider_suspended: 403,
  unknown_execution: 403,
  forbidden: 403,
  hook_refused: 403,
  not_default_branch: 403,
  invitation_invalid: 403,
  approval_link_invalid: 403,
  approval_not_allowed: 403,
  repository_not_enabled: 404,
  repository_not_found: 404,
  not_found: 404,
  method_not_allowed: 405,
  body_too_slow: 408,
  conflict: 409,
  ambiguous_correlation: 409,
  subscription_not_approved: 409,
  too_many_messages: 409,
  hook_in_use: 409,
  approval_in_progress: 409,
  approval_already_decided: 409,
  payload_gone: 410,
  approval_expired: 410,
  payload_too_large: 413,
  payload_too_large_for_dispatch: 413,
  body_too_large: 413,
  payload_too_deep: 422,
  idempotency_key_reused: 422,
  requester_unknown: 422,
  approval_not_dispatched: 424,
  too_many_requests: 429,
  quota_exceeded: 429,
  github_refused: 502,
  hook_unreachable: 502,
  github_unreachable: 503,
  issuer_unreachable: 503,
  unavailable: 503,
  newer_version: 503,
  misconfigured: 503,
  hook_timeout: 504,
  client_closed_request: 499,
  internal: 500,
};

export const errorStatuses: Readonly<Record<ErrorCode, number>> = statusOf;

/** Seconds after which a caller may try again. */
const retryAfterSeconds = 5;

const secondsOf = ({ retryAfterMs }: ZektError): number =>
  retryAfterMs === null ? retryAfterSeconds : Math.max(1, Math.ceil(retryAfterMs / 1000));

/** An error as every caller gets it: one sentence twice, a stable code, and the id under which the log has more. */
export function errorAnswer(error: ZektError, requestId: string): Answer {
  const status = error.ownStatus ?? statusOf[error.code];
  const sentence = shortSentence(error.message);
  const body: ErrorAnswer = { error: sentence, message: sentence, code: error.code, requestId };
  return {
    status,
    headers: {
      ...((status === 503 || error.retryAfterMs !== null) && { 'retry-after': String(secondsOf(error)) }),
      ...(error.usedUp && rateLimitHeaders(error.usedUp, secondsOf(error))),
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    },
    body,
  };
}
