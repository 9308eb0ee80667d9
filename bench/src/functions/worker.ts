// A worker as the platform keeps it ready: `node worker.ts <index.cjs> <compile cache or ''> <webhooks at once>`. It has its own modules in memory,
// then it is given an app, and at last webhooks as large as they may be. Prints what that took, as JSON.
import { createHmac } from 'node:crypto';
import { enableCompileCache } from 'node:module';
import { limits } from '@zekt/contracts';
import { Worker } from '@zekt/azure-doubles/worker';
import type { WorkerTimes } from './worker-times.ts';

const [entry = '', cache = '', webhooks = '0'] = process.argv.slice(2);
const origin = 'http://127.0.0.1';
const mebibyte = 1024 * 1024;

const warm = performance.now();
if (cache !== '') enableCompileCache(cache);
const worker = new Worker(entry);
const loaded = performance.now();
const empty = { query: {}, params: {} };
const answer = await worker.invoke('getHealth', {
  http: { url: `${origin}/api/health`, method: 'GET', headers: {}, ...empty },
});
const answered = performance.now();
if (Number(answer?.statusCode) !== 200) throw new Error(`health was answered ${String(answer?.statusCode)}`);
const residentMiB = process.memoryUsage().rss / mebibyte;

/** As large as a webhook may be. The host hands each over in memory of its own. */
function largest(): { readonly headers: Record<string, string>; readonly body: Buffer } {
  const body = Buffer.alloc(limits.bodyOfWebhook.value, 'x');
  body.write('{"zen":"');
  body.write('"}', body.length - 2);
  const secret = process.env.ZEKT_GITHUB_WEBHOOK_SECRET ?? '';
  const headers = {
    'content-type': 'application/json',
    'content-length': String(body.length),
    'x-github-event': 'ping',
    'x-github-delivery': '0a0a0a0a-0000-0000-0000-000000000001',
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
  return { headers, body };
}

const requests = Array.from({ length: Number(webhooks) }, largest);
const answers = await Promise.all(
  requests.map(async ({ headers, body }) => {
    const url = `${origin}/api/github/webhooks`;
    const http = { url, method: 'POST', headers, ...empty, body: { bytes: body } };
    return Number((await worker.invoke('receiveWebhook', { http }))?.statusCode);
  }),
);
const times: WorkerTimes = {
  loadedMs: loaded,
  warmMs: loaded - warm,
  firstMs: answered - loaded,
  residentMiB,
  highestMiB: process.resourceUsage().maxRSS / 1024,
  answers,
};
console.log(JSON.stringify(times));
process.exit(0);
