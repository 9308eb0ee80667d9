import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeBus, describeDocumentStore } from '@zekt/core/port-contracts';
import { ManualClock } from '@zekt/core/testing';
import { openEmbedded } from './open-embedded.ts';

function under(directory: string, remove: () => Promise<void>) {
  const clock = new ManualClock();
  const embedded = openEmbedded(directory, clock);
  return {
    store: embedded.store,
    bus: embedded.bus,
    now: () => clock.now(),
    advance: (ms: number) => clock.advance(ms),
    async close() {
      await embedded.close();
      await remove();
    },
  };
}

const inMemory = async () => under(':memory:', async () => undefined);
const inFile = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'zekt-embedded-'));
  return under(directory, () => rm(directory, { recursive: true }));
};

describeDocumentStore('embedded, in memory', inMemory);
describeBus('embedded, in memory', inMemory);
describeDocumentStore('embedded, in a file', inFile);
describeBus('embedded, in a file', inFile);
