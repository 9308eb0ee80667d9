/** GitHub's clock minus ours (ms), by the `Date` of its answer, which has a grain of a second (RFC 9110, section 6.6.1). Null without one. */
export function clockOffset(headers: Readonly<Record<string, unknown>>, nowMs: number): number | null {
  const at = typeof headers.date === 'string' ? Date.parse(headers.date) : Number.NaN;
  return Number.isNaN(at) ? null : at - nowMs;
}
