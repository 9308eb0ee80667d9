/** GitHub tokens of any form (their length and alphabet change), JWTs, and authorization headers. */
const secrets =
  /\b(?:gh[a-z]_[A-Za-z0-9._-]+|github_pat_\w+|eyJ[\w-]+\.[\w-]+\.[\w-]*|(?:bearer|token)\s+[\w.~+/=-]{16,})/gi;

/** Text from outside, fit for logs and stored reasons: no token in it, at most 300 characters. */
export function redact(text: string): string {
  return text.replace(secrets, '***').slice(0, 300);
}
