import { jest } from '@jest/globals';
import { decides, done, silentLog, systemClock } from '@zekt/core';
import { describeBus, describeDocumentStore } from '@zekt/core/port-contracts';
import { ManualClock } from '@zekt/core/testing';
import { startDoubles } from './on-doubles.ts';
import { openAzure, type Azure } from './open-azure.ts';
import { namesAzure, readAzureSettings, type AzureSettings } from './settings.ts';

function settingsIn(environment: Readonly<Record<string, string | undefined>>): AzureSettings {
  const problems: string[] = [];
  const settings = readAzureSettings(environment, problems);
  if (!settings) throw new Error(problems.join('\n'));
  return settings;
}

async function onDoubles() {
  const clock = new ManualClock();
  const doubles = await startDoubles({ clock, partitionCount: 3 });
  // Replicas that are behind are no excuse: one process sees what it wrote.
  doubles.cosmos.lag = () => 1;
  const azure = await openAzure(settingsIn(doubles.environment), silentLog, clock);
  return {
    store: azure.store,
    bus: azure.bus,
    now: () => clock.now(),
    advance: (ms: number) => clock.advance(ms),
    async close() {
      await azure.close();
      await doubles.stop();
    },
  };
}

describeDocumentStore('Azure, on doubles', onDoubles);
describeBus('Azure, on doubles', onDoubles);

/** What the environment names: real Azure, or doubles of another process. Time passes by itself there, so this takes a quarter of an hour. */
async function onWhatIsGiven() {
  const azure = await openAzure(settingsIn(process.env), silentLog, systemClock);
  return {
    store: azure.store,
    bus: azure.bus,
    now: () => Date.now(),
    advance: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
    async close() {
      await empty(azure);
      await azure.close();
    },
  };
}

/** The queue of the tests is used again by the next one. */
async function empty({ bus }: Azure): Promise<void> {
  const consumer = bus.consume(
    'track',
    decides(async () => done),
    { sessions: 8 },
  );
  for (;;) {
    const { items } = await bus.deadLetters('track', { limit: 100 });
    for (const { id } of items) await bus.revive('track', id);
    const { waiting, dead } = await bus.depth('track');
    if (waiting === 0 && dead === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await consumer.stop();
}

if (namesAzure(process.env)) {
  jest.setTimeout(20 * 60_000);
  describeDocumentStore('Azure, as the environment says', onWhatIsGiven);
  describeBus('Azure, as the environment says', onWhatIsGiven);
}
