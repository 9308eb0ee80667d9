import type { Allowance } from '@zekt/core';

/**
 * As IETF draft-ietf-httpapi-ratelimit-headers-10 has them: `q` how much within `w` seconds, `r` what is left, `t` seconds until there may
 * be more. `w` is left out where the number is of what there is at once.
 */
export const rateLimitHeaders = ({ name, quota, windowMs }: Allowance, seconds: number): Record<string, string> => ({
  'ratelimit-policy': `"${name}";q=${quota}${windowMs === null ? '' : `;w=${windowMs / 1000}`}`,
  ratelimit: `"${name}";r=0;t=${seconds}`,
});
