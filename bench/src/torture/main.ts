// `npm run torture`: kills, then 1,000 histories with power cuts, then 100,000 interleavings, then 1,000 failovers between two regions, then
// 20,000 requests to all routes. `-- kills`, `-- cuts`, `-- interleavings`, `-- regions`, `-- requests` one of them; `--lives N`,
// `--histories N`, `--count N`, `--failovers N`, `--requests N` how much.
// `--azure` kills servers whose store and bus are on doubles of Cosmos DB and Service Bus.
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { cutPower, play, scenarios } from '@zekt/embedded/testing';
import { playRegions } from './regions.ts';
import { fuzz } from 'zekt/testing';
import { machine, markdown, round } from '../figures.ts';
import { deaths, torture } from './kills.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    lives: { type: 'string', default: '6' },
    histories: { type: 'string', default: '1000' },
    count: { type: 'string', default: '100000' },
    failovers: { type: 'string', default: '1000' },
    requests: { type: 'string', default: '20000' },
    azure: { type: 'boolean', default: false },
  },
});
const wants = (what: string): boolean => positionals.length === 0 || positionals.includes(what);
const started = performance.now();
let failures = 0;
console.log(`Machine: ${machine()}\n`);

if (wants('kills')) {
  console.log(
    `## kill -9, at random and at each named point, ${values.lives} lives each, with a faulty GitHub${values.azure ? ', on Azure doubles' : ''}\n`,
  );
  const accounts = [];
  for (const death of deaths) accounts.push(await torture(death, Number(values.lives), Math.random, values.azure));
  console.log(
    markdown(
      [
        'death',
        'lives',
        'messages',
        'deliveries expected',
        'delivered',
        'repeated under the same id',
        'lost',
        'doubled unrecognisably',
      ],
      accounts.map(({ death, ...counts }) => [death, ...Object.values(counts).map((it) => round(it))]),
    ),
  );
  failures += accounts.reduce((sum, { lost, doubled }) => sum + lost + doubled, 0);
}

if (wants('cuts')) {
  console.log(`\n## A power cut at each point of ${round(Number(values.histories))} histories of the embedded store\n`);
  const { result, tried } = await cutPower({ numRuns: Number(values.histories) });
  console.log(
    markdown(
      ['where the power failed', 'cuts'],
      Object.entries(tried).map(([where, count]) => [where, round(count)]),
    ),
  );
  console.log(
    `\n${round(result.numRuns)} played, seed ${result.seed}: ${result.failed ? fc.defaultReportMessage(result) : 'all that was answered was there'}`,
  );
  if (result.failed) failures += 1;
}

if (wants('interleavings')) {
  console.log(`\n## ${round(Number(values.count))} interleavings of messages, webhooks, worker steps and crashes\n`);
  const result = await fc.check(
    fc.asyncProperty(scenarios, async (scenario) => {
      const { dispatched, expected, lanes, deadLetters } = await play(scenario);
      const once = [...new Set(dispatched)];
      const isInOrder = lanes.every(
        (lane) => JSON.stringify(once.filter((id) => lane.includes(id))) === JSON.stringify(lane),
      );
      const isSame = JSON.stringify([...once].sort()) === JSON.stringify([...expected].sort());
      const isOrdered = isInOrder || scenario.place.kind === 'stale reads';
      return isSame && isOrdered && deadLetters === 0 && dispatched.length - expected.length <= scenario.crashes.length;
    }),
    { numRuns: Number(values.count) },
  );
  console.log(
    `${round(result.numRuns)} played, seed ${result.seed}: ${result.failed ? `FAILED at ${JSON.stringify(result.counterexample)}` : 'all gave the same deliveries'}`,
  );
  if (result.failed) failures += 1;
}

if (wants('regions')) {
  console.log(`\n## ${round(Number(values.failovers))} failovers between two regions, at any point of the work\n`);
  const { table, isKept, verdict } = await playRegions(Number(values.failovers));
  console.log(`${table}\n\n${verdict}`);
  if (!isKept) failures += 1;
}

if (wants('requests')) {
  console.log(`\n## ${round(Number(values.requests))} requests to all routes, nearly right or broken\n`);
  const { requests, failure } = await fuzz(Number(values.requests));
  console.log(
    `${round(requests)} sent: ${failure ?? 'no failure of the server, no echo, nothing at error; the server is alive'}`,
  );
  if (failure !== null) failures += 1;
}

console.log(
  `\n${failures === 0 ? 'Nothing lost, nothing doubled unrecognisably.' : `${failures} failures.`} ${round((performance.now() - started) / 1000)} s`,
);
process.exitCode = failures === 0 ? 0 : 1;
