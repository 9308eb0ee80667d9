// A worker as the platform keeps it ready: `node worker.ts <index.cjs> <compile cache or ''> <bytes of a webhook>`. It has its own modules in memory,
// then it is given an app. Prints what that took, as JSON.
import { createHmac } from 'node:crypto';
import { enableCompileCache } from 'node:module';
import { Worker } from '@zekt/azure-doubles/worker';
import type { WorkerTimes } from './worker-times.ts';

const [entry = '', cache = '', webhookBytes = '0'] = process.argv.slice(2);
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

if (Number(webhookBytes) > 0) {
  const start = '{"zen":"';
  const body = Buffer.alloc(Number(webhookBytes), 'x');
  body.write(start);
  body.write('"}', body.length - 2);
  const secret = process.env.ZEKT_GITHUB_WEBHOOK_SECRET ?? '';
  const headers = {
    'content-type': 'application/json',
    'content-length': String(body.length),
    'x-github-event': 'ping',
    'x-github-delivery': '0a0a0a0a-0000-0000-0000-000000000001',
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
  const url = `${origin}/api/github/webhooks`;
  const taken = await worker.invoke('receiveWebhook', {
    http: { url, method: 'POST', headers, ...empty, body: { bytes: body } },
  });
  if (Number(taken?.statusCode) !== 202) throw new Error(`the webhook was answered ${String(taken?.statusCode)}`);
}
const times: WorkerTimes = {
  loadedMs: loaded,
  warmMs: loaded - warm,
  firstMs: answered - loaded,
  residentMiB,
  highestMiB: process.resourceUsage().maxRSS / 1024,
};
console.log(JSON.stringify(times));
process.exit(0);
