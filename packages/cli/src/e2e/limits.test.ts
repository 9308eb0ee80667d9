import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { errorAnswer, errorStatuses } from '@zekt/api';
import { limits, limitsTable, openApiDocument, type Limit } from '@zekt/contracts';
import { FairUse, ZektError } from '@zekt/core';

const nowMs = Date.UTC(2026, 10, 22, 12);

test('the table of limits in the reference is the one in code, and so is the one in OpenAPI', async () => {
  const page = await readFile(fileURLToPath(new URL('../../../../docs/reference/limits.md', import.meta.url)), 'utf8');
  expect(/<!-- limits: .* -->\n([^]*)\n<!-- \/limits -->/.exec(page)?.[1]?.trim()).toBe(limitsTable());
  expect(openApiDocument('1')['x-zekt-limits']).toEqual(limits);
});

test('every limit is refused with the status that its code has', () => {
  const statuses: Readonly<Record<string, number>> = errorStatuses;
  for (const { code, status } of Object.values<Limit>(limits)) expect([code, statuses[code]]).toEqual([code, status]);
});

test.each(['requestsOfRepository', 'questionsOfRepository'] as const)(
  '%s: beyond the limit a repository gets 429, when to come back and which limit it was; another does not',
  (name) => {
    const fairUse = new FairUse();
    const { value, windowMs } = limits[name];
    for (let n = 0; n < value; n += 1) fairUse.take(name, 'tag.1', nowMs);
    let refusal: unknown;
    try {
      fairUse.take(name, 'tag.1', nowMs);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(ZektError);
    const answer = errorAnswer(refusal as ZektError, 'request-1');
    expect(answer).toMatchObject({
      status: 429,
      headers: {
        'retry-after': '3600',
        'ratelimit-policy': `"${name}";q=${value};w=3600`,
        ratelimit: `"${name}";r=0;t=3600`,
      },
    });
    expect(() => fairUse.take(name, 'tag.2', nowMs, value + 1)).toThrow(ZektError);
    fairUse.take(name, 'tag.2', nowMs, value);
    fairUse.take(name, 'tag.2', nowMs, 0);
    fairUse.take(name, 'tag.1', nowMs + 2 * windowMs);
  },
);

test('a limit on what is open at once has no time in its headers, and says when to look again', () => {
  const usedUp = { name: 'openRequestsOfAccount', quota: 200, windowMs: null } as const;
  const refusal = new ZektError('too_many_requests', 'Too many.', { retryAfterMs: 60_000, usedUp });
  expect(errorAnswer(refusal, 'request-1')).toMatchObject({
    status: 429,
    headers: {
      'retry-after': '60',
      'ratelimit-policy': '"openRequestsOfAccount";q=200',
      ratelimit: '"openRequestsOfAccount";r=0;t=60',
    },
  });
});
