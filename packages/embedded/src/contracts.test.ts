import { describeBus, describeDocumentStore, ManualClock } from '@zekt/core/testing';
import { openEmbedded } from './open-embedded.ts';

const open = async () => {
  const clock = new ManualClock();
  const embedded = openEmbedded(':memory:', clock);
  return { ...embedded, now: () => clock.now(), advance: (ms: number) => clock.advance(ms) };
};

describeDocumentStore('embedded', open);
describeBus('embedded', open);
