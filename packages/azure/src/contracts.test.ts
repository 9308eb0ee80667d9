import { silentLog } from '@zekt/core';
import { describeBus, describeDocumentStore } from '@zekt/core/port-contracts';
import { ManualClock } from '@zekt/core/testing';
import { startDoubles } from './on-doubles.ts';
import { openAzure } from './open-azure.ts';
import { readAzureSettings } from './settings.ts';

async function onDoubles() {
  const clock = new ManualClock();
  const doubles = await startDoubles({ clock });
  const settings = readAzureSettings(doubles.environment, []);
  if (!settings) throw new Error('the doubles have no settings');
  const azure = await openAzure(settings, silentLog, clock);
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
