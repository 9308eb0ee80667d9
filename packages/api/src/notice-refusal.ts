import type { ErrorCode, ZektError } from '@zekt/core';
import type { Zekt } from './zekt.ts';

/** Refusals that may come of a wrong setting rather than of a wrong caller, and what to do then. */
const fixes: Partial<Readonly<Record<ErrorCode, string>>> = {
  invalid_signature:
    "If GitHub sent it: set the secret in the App's settings and ZEKT_GITHUB_WEBHOOK_SECRET to the same value.",
  missing_signature: "Set a secret for the App's webhook, the same as ZEKT_GITHUB_WEBHOOK_SECRET.",
  invalid_webhook: "Set the content type of the App's webhook to application/json, and let no proxy change bodies.",
  wrong_audience: "Set the action's input 'audience' to the server's ZEKT_OIDC_AUDIENCE.",
  issuer_unreachable: 'Check the network, a proxy in between, and ZEKT_OIDC_ISSUERS.',
};

/** Logs at warn, once a minute for each reason, what an operator would want to know of. */
export function noticeRefusal({ notices, counters }: Pick<Zekt, 'notices' | 'counters'>, error: ZektError): void {
  if (error.code === 'wrong_audience') counters.count('tokens.wrong_audience');
  const fix = fixes[error.code];
  if (fix !== undefined) notices.note(error.code, { sentence: error.message, fix });
}
