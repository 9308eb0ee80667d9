import type { Clock, Consumer, QueueName } from '@zekt/core';
import type { ReadySignal } from './ready-signal.ts';
import type { Entry, WaitingQueue } from './waiting-queue.ts';

export interface Source {
  readonly name: QueueName;
  readonly waiting: WaitingQueue;
  readonly ready: ReadySignal;
  readonly clock: Clock;
}

/** Claims up to `sessions` messages at once, each of another session, and has them delivered; sleeps until the next can be claimed. */
export function consume(
  { name, waiting, ready, clock }: Source,
  sessions: number,
  deliver: (entry: Entry) => Promise<void>,
): Consumer {
  const inHand = new Set<Promise<void>>();
  let isStopped = false;
  let alarm: { readonly at: number; readonly cancel: () => void } | null = null;

  const pump = (): void => {
    while (!isStopped && inHand.size < sessions) {
      const entry = waiting.claim(clock.now());
      if (entry) start(entry);
      else {
        sleepUntil(waiting.nextAt());
        return;
      }
    }
  };

  const start = (entry: Entry): void => {
    const work = deliver(entry).finally(() => {
      inHand.delete(work);
      ready.announce(name);
    });
    inHand.add(work);
  };

  /** A publication wakes earlier. */
  const sleepUntil = (at: number | null): void => {
    if (at === null || (alarm !== null && alarm.at <= at)) return;
    alarm?.cancel();
    const cancel = clock.at(at, () => {
      alarm = null;
      pump();
    });
    alarm = { at, cancel };
  };

  const unlisten = ready.listen(name, pump);
  pump();
  return {
    async stop() {
      isStopped = true;
      unlisten();
      alarm?.cancel();
      while (inHand.size > 0) await Promise.all(inHand);
    },
  };
}
