import type { Work } from '../ports/bus.ts';
import type { Listeners } from './append.ts';

/** Several who listen, as one: what follows from an event is what follows for each who wants it. */
export const joinListeners = (...all: readonly Listeners[]): Listeners => ({
  want: (event) => all.some((it) => it.want(event)),
  async tell(event) {
    const works: Work[] = await Promise.all(all.filter((it) => it.want(event)).map((it) => it.tell(event)));
    return {
      batches: works.flatMap(({ batches = [] }) => batches),
      messages: works.flatMap(({ messages = [] }) => messages),
    };
  },
});
