import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDoubles, type Doubles } from '@zekt/azure/testing';
import { silentLog } from '@zekt/core';
import { createWorld } from 'zekt';
import { markdown, round } from './figures.ts';
import { LoopInstance } from './loop-instance.ts';
import { resources, workflow } from './resources.ts';
import { simulationReport } from './simulation/report.ts';

/** What one run costs, counted. */
interface Cost {
  /** By the double, which prices every write alike, and by Microsoft's own prices, by which a replacement costs two. */
  readonly uniformUnits: number;
  readonly requestUnits: number;
  readonly storeRequests: number;
  readonly messages: number;
  readonly gitHubCalls: number;
}

const runs = 20;

// Published limits: "Azure Cosmos DB service quotas", "Service Bus quotas", "Best practices for using the REST API" (GitHub).
const partitionUnitsPerSecond = 10_000;
const serverlessUnitsPerSecond = 5_000;
const standardMessagesPerSecond = 1_000;
const dispatchesPerInstallationAndMinute = 80;

const loads = [10, 1_000, 100_000];
const consumerCounts = [1, 11] as const;

/** Which limit is met first, simulated, and what a run costs, counted. Whoever changes a parameter of the simulation wants that alone. */
export async function benchScaling(): Promise<string> {
  const options = process.argv.slice(2).filter((arg) => arg.startsWith('--'));
  let simulated: string;
  try {
    simulated = simulationReport(options);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
  return options.length > 0 ? simulated : `${simulated}\n\n${await countCosts()}`;
}

/**
 * The loop on the doubles, with one message for each run: what the real SDKs ask of Cosmos DB (priced as the documentation says) and of
 * Service Bus, and what GitHub is asked. Then the same at three loads, by multiplication.
 */
async function countCosts(): Promise<string> {
  const costs: [number, Cost][] = [];
  const inFile: FileCost[] = [];
  for (const consumers of consumerCounts) {
    costs.push([consumers, await measure(consumers)]);
    inFile.push(await measureFile(consumers));
  }
  const perRun = markdown(
    [
      'consumers',
      'RU by the double',
      "RU by Microsoft's prices",
      'Cosmos DB requests',
      'Service Bus messages',
      'SQL statements in one file',
      'transactions',
      'GitHub calls',
    ],
    [
      ...costs.map(([consumers, cost], index) => rowOf(String(consumers), cost, inFile[index])),
      rowOf('each further one', perFurther(costs), perFurtherInFile(inFile)),
    ],
  );
  const atLoads = markdown(
    [
      'runs a minute',
      'consumers of each',
      'RU/s',
      'of one physical partition',
      'messages/s',
      'of Standard',
      'installations that must share the dispatches',
    ],
    loads.flatMap((load) =>
      costs.map(([consumers, cost]) => {
        const perSecond = (amount: number): number => (amount * load) / 60;
        return [
          round(load),
          String(consumers),
          round(perSecond(cost.requestUnits)),
          share(perSecond(cost.requestUnits), partitionUnitsPerSecond),
          round(perSecond(cost.messages)),
          share(perSecond(cost.messages), standardMessagesPerSecond),
          round(Math.ceil((load * consumers) / dispatchesPerInstallationAndMinute)),
        ];
      }),
    ),
  );
  return [
    `One run with one message of 100 bytes, ${runs} runs measured on doubles; request units by the documentation's own examples, not by a bill.\n`,
    perRun,
    `\nMultiplied. Serverless takes ${round(serverlessUnitsPerSecond)} RU/s for a physical partition, provisioned ${round(partitionUnitsPerSecond)}; Standard about ${round(standardMessagesPerSecond)} messages/s in a namespace.\n`,
    atLoads,
  ].join('\n');
}

/** What one run costs the engine of one file. */
interface FileCost {
  readonly statements: number;
  readonly transactions: number;
}

function rowOf(name: string, cost: Cost, file: FileCost | undefined): string[] {
  const { uniformUnits, requestUnits, storeRequests, messages, gitHubCalls } = cost;
  const { statements = 0, transactions = 0 } = file ?? {};
  const figures = [uniformUnits, requestUnits, storeRequests, messages, statements, transactions, gitHubCalls];
  return [name, ...figures.map((it) => it.toFixed(1))];
}

function perFurther(costs: readonly (readonly [number, Cost])[]): Cost {
  const [few, many] = [costs[0]?.[1], costs[1]?.[1]];
  if (!few || !many) throw new Error('two are compared');
  const [one, eleven] = consumerCounts;
  const of = (field: keyof Cost): number => (many[field] - few[field]) / (eleven - one);
  return {
    uniformUnits: of('uniformUnits'),
    requestUnits: of('requestUnits'),
    storeRequests: of('storeRequests'),
    messages: of('messages'),
    gitHubCalls: of('gitHubCalls'),
  };
}

function perFurtherInFile([few, many]: readonly FileCost[]): FileCost {
  if (!few || !many) throw new Error('two are compared');
  const [one, eleven] = consumerCounts;
  return {
    statements: (many.statements - few.statements) / (eleven - one),
    transactions: (many.transactions - few.transactions) / (eleven - one),
  };
}

/** Run after run, so that no two share a transaction. */
async function measureFile(consumers: number): Promise<FileCost> {
  const directory = mkdtempSync(join(tmpdir(), 'zekt-bench-'));
  let statements = 0;
  let transactions = 0;
  const observer = { onStatement: () => (statements += 1), onTransaction: () => (transactions += 1) };
  const instance = await LoopInstance.open(directory, { runs: 1, services: 0, consumers }, observer);
  try {
    await pause(500);
    statements = transactions = 0;
    for (let n = 0; n < runs; n += 1) await instance.play(1);
    await pause(500);
    return { statements: statements / runs, transactions: transactions / runs };
  } finally {
    await instance.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

const share = (amount: number, limit: number): string => `${round((100 * amount) / limit)} %`;

async function measure(consumers: number): Promise<Cost> {
  const doubles = await startDoubles();
  const world = await createWorld({
    log: silentLog,
    settings: {
      ...doubles.environment,
      ZEKT_ADMIN_TOKEN: randomUUID(),
      ZEKT_RECONCILE_EVERY: '0ms',
      ZEKT_DOCTOR_EVERY: '0ms',
      ZEKT_DISPATCH_PER_MINUTE: '1000000',
      ZEKT_DISPATCH_BURST: '1000000',
    },
  });
  try {
    const { github, zekt, client } = world;
    const requests = github.repository('acme/requests');
    github.install([requests]);
    for (let n = 0; n < consumers; n += 1) github.install([github.repository(`consumer-${n}/platform`)]);
    await github.webhooks.settled();
    await client('applyResources', { body: { resources: resources(consumers) } });
    const play = async (): Promise<void> => {
      const run = github.startRun(requests, { workflow });
      const response = await fetch(`${zekt.url}/api/events/receive`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await github.issuer.mint(run, zekt.url)}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          eventType: 'ordered',
          repository: 'acme/requests',
          workflowRunId: String(run.id),
          payload: { text: 'x'.repeat(88) },
        }),
      });
      if (!response.ok) throw new Error(`a message was answered ${response.status}`);
      github.completeRun(run);
    };
    const drained = async (count: number): Promise<void> => {
      while (github.world.dispatches.length < count * consumers) await pause(50);
      // Events and webhooks of the end.
      await github.webhooks.settled();
      await pause(2000);
    };
    // The first brings the installations' tokens and the issuer's keys.
    await play();
    await drained(1);
    const before = snapshot(doubles);
    for (let n = 0; n < runs; n += 1) await play();
    await drained(1 + runs);
    const after = snapshot(doubles);
    return {
      uniformUnits: (after.uniformUnits - before.uniformUnits) / runs,
      requestUnits: (after.requestUnits - before.requestUnits) / runs,
      storeRequests: (after.storeRequests - before.storeRequests) / runs,
      messages: (after.messages - before.messages) / runs,
      gitHubCalls: consumers,
    };
  } finally {
    await world.stop();
    await doubles.stop();
  }
}

function snapshot({ cosmos, serviceBus }: Doubles): Omit<Cost, 'gitHubCalls'> {
  const served = [...cosmos.served].filter(([kind]) => kind !== 'meta' && kind !== 'plan').map(([, it]) => it);
  const priced = [...cosmos.operations.values()];
  return {
    uniformUnits: priced.reduce((sum, { uniformCharge }) => sum + uniformCharge, 0),
    requestUnits: served.reduce((sum, { charge }) => sum + charge, 0),
    storeRequests: served.reduce((sum, { count }) => sum + count, 0),
    messages: serviceBus.traffic.total().sent,
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
