import { expect, test } from '@jest/globals';
import type { App } from '@octokit/app';
import { RequestError } from '@octokit/request-error';
import fc from 'fast-check';
import type { RedeliveryProgress } from './progress.ts';
import { redeliverMissedWebhooks } from './redeliver-missed-webhooks.ts';

interface Listed {
  readonly id: number;
  readonly guid: string;
  readonly atMs: number;
  readonly listedAtMs: number;
  readonly isRedelivery: boolean;
  readonly code: number;
}

type Step =
  | { readonly kind: 'deliver'; readonly count: number; readonly code: number }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'byHand'; readonly index: number; readonly code: number }
  | {
      readonly kind: 'sweep';
      readonly pages: number;
      readonly asked: number;
      readonly open: number;
      readonly code: number;
    }
  | { readonly kind: 'trouble'; readonly path: 'list' | 'next' | 'ask'; readonly status: number };

/** Shorter than GitHub's, so that few webhooks fill many. */
const pageLength = 20;

const code = fc.constantFrom(200, 200, 0, 503);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 80 }), code }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 600 }) }),
  fc.record({ kind: fc.constant('byHand' as const), index: fc.nat(), code }),
  fc.record({
    kind: fc.constant('sweep' as const),
    pages: fc.integer({ min: 1, max: 8 }),
    asked: fc.integer({ min: 1, max: 12 }),
    open: fc.integer({ min: 1, max: 16 }),
    code,
  }),
  fc.record({
    kind: fc.constant('trouble' as const),
    path: fc.constantFrom('list' as const, 'next' as const, 'ask' as const),
    status: fc.constantFrom(422, 429, 500),
  }),
);

/** GitHub's list of deliveries, in memory: newest first by id, attempts listed when they are over. */
class DeliveryList {
  nowMs = Date.UTC(2026, 10, 24);
  readonly attempts: Listed[] = [];
  /** Asked for although it was listed that they had arrived. */
  readonly needless: string[] = [];
  receiverCode = 200;
  trouble: (Step & { kind: 'trouble' }) | null = null;

  deliver(guid: string, answered: number, isRedelivery: boolean): void {
    // One in three takes its time, up to the limit of the slowest server.
    const lateMs = this.attempts.length % 3 === 0 ? 30_000 : 0;
    const listed = { guid, isRedelivery, code: answered, atMs: this.nowMs, listedAtMs: this.nowMs + lateMs };
    this.attempts.push({ ...listed, id: this.attempts.length + 1 });
  }

  hasArrived(guid: string): boolean {
    return this.attempts.some((it) => it.guid === guid && it.code === 200 && it.listedAtMs <= this.nowMs);
  }

  willHaveArrived(guid: string): boolean {
    return this.attempts.some((it) => it.guid === guid && it.code === 200);
  }

  readonly app = {
    octokit: {
      request: async (route: string, { cursor }: { cursor?: string } = {}) =>
        route.startsWith('GET') ? this.#page(cursor) : this.#redeliver(Number(/\d+/.exec(route)?.[0])),
    },
  } as unknown as App;

  #strike(path: 'list' | 'next' | 'ask'): void {
    if (this.trouble?.path !== path) return;
    const { status } = this.trouble;
    this.trouble = null;
    const request = { method: 'GET' as const, url: '', headers: {} };
    throw new RequestError('trouble', status, { request });
  }

  #page(cursor: string | undefined): object {
    this.#strike(cursor === undefined ? 'list' : 'next');
    const before = Number(cursor ?? Infinity);
    const rows = this.attempts.filter(({ id, listedAtMs }) => id < before && listedAtMs <= this.nowMs).reverse();
    const page = rows.slice(0, pageLength);
    const more =
      rows.length > pageLength ? { link: `<https://x.test/?cursor=${page.at(-1)?.id ?? 0}>; rel="next"` } : {};
    return {
      headers: more,
      data: page.map((it) => ({
        id: it.id,
        guid: it.guid,
        delivered_at: new Date(it.atMs).toISOString().replace(/\.\d+Z$/, 'Z'),
        redelivery: it.isRedelivery,
        status: it.code === 200 ? 'OK' : 'failed',
        status_code: it.code,
      })),
    };
  }

  #redeliver(id: number): object {
    if (this.trouble?.status !== 422) this.#strike('ask');
    const guid = this.attempts[id - 1]?.guid ?? '';
    if (this.hasArrived(guid)) this.needless.push(guid);
    this.deliver(guid, this.receiverCode, true);
    return {};
  }
}

test('whatever happens, all that failed arrives in the end, and what has arrived is not asked for', async () => {
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(step, { minLength: 5, maxLength: 40 }), async (readsAll, steps) => {
      const list = new DeliveryList();
      let progress: RedeliveryProgress | null = null;
      const sweep = async (limits: { pages: number; asked: number; open: number }): Promise<boolean> => {
        try {
          const result = await redeliverMissedWebhooks(list.app, list.nowMs, progress, limits);
          progress = JSON.parse(JSON.stringify(result.through)) as RedeliveryProgress;
          expect(result.redelivered).toBeLessThanOrEqual(limits.asked);
          return result.isBehind;
        } catch (error) {
          expect(error).toBeInstanceOf(RequestError);
          return true;
        }
      };
      for (const it of steps) {
        switch (it.kind) {
          case 'deliver':
            for (let n = 0; n < it.count; n += 1) {
              list.deliver(`w${list.attempts.length}`, n % 3 === 0 ? it.code : 200, false);
              list.nowMs += 200;
            }
            break;
          case 'wait':
            list.nowMs += it.seconds * 1000;
            break;
          case 'byHand': {
            // What a person had sent again is known once it is read: a sweep that can't read all may ask for it.
            if (!readsAll) break;
            const chosen = list.attempts[it.index % Math.max(1, list.attempts.length)];
            // What arrives and then fails when a person sends it again may be asked for: nothing arrived since.
            if (chosen) list.deliver(chosen.guid, list.willHaveArrived(chosen.guid) ? 200 : it.code, true);
            break;
          }
          case 'trouble':
            list.trouble = it;
            break;
          case 'sweep':
            list.receiverCode = it.code;
            await sweep({ ...it, ...(readsAll && { pages: 1000 }) });
            list.nowMs += 300_000;
        }
      }
      list.trouble = null;
      list.receiverCode = 200;
      const failed = new Set(list.attempts.map(({ guid }) => guid));
      for (let n = 0; n < 100; n += 1) {
        list.nowMs += 300_000;
        if (!(await sweep({ pages: 100, asked: 50, open: 80 })) && n > 5) break;
      }
      list.nowMs += 300_000;
      expect([...failed].filter((guid) => !list.hasArrived(guid))).toEqual([]);
      expect(list.needless).toEqual([]);
    }),
    {
      numRuns: 300,
      examples: [
        // A person had w0 sent again; the page that says so could not be read.
        [
          true,
          [
            { kind: 'deliver', count: 12, code: 503 },
            { kind: 'sweep', pages: 1, asked: 1, open: 1, code: 200 },
            { kind: 'byHand', index: 0, code: 200 },
            { kind: 'sweep', pages: 1, asked: 1, open: 1, code: 200 },
            { kind: 'trouble', path: 'next', status: 422 },
            { kind: 'deliver', count: 4, code: 200 },
            { kind: 'deliver', count: 20, code: 200 },
            { kind: 'deliver', count: 4, code: 200 },
            { kind: 'sweep', pages: 1, asked: 1, open: 1, code: 200 },
          ],
        ],
      ],
    },
  );
});
