import {
  manager,
  acceptMessage,
  acceptWebhook,
  applyResources,
  FairPace,
  startWorker,
  systemClock,
  type GitHubGateway,
} from '@zekt/core';
import { loopOn, type Loop } from '@zekt/core/testing';
import { gitHub, issuer, messageOf, provider, runWebhook, workflow } from '@zekt/embedded/testing';
import { openEmbedded, type Embedded, type EmbeddedOptions } from '@zekt/embedded';

/** Answers at once, so that only Zekt's own work is measured. */
const instantGitHub = (onDispatch: () => void): GitHubGateway => ({
  ...gitHub(async () => {
    onDispatch();
    return { kind: 'accepted', status: 204 };
  }),
  findRepository: async (fullName) => {
    if (fullName === provider.fullName) return provider;
    const id = String(1_000_000 + Number(/\d+/.exec(fullName)?.[0] ?? 0));
    return { ...provider, id, ownerId: id, fullName, owner: fullName.split('/')[0] ?? '', installationId: id };
  },
});

/** What `apply` takes in one request. */
const appliedAtOnce = 500;

/** What is there before anything is measured. */
export interface Size {
  readonly runs: number;
  /** Others, each with a consumer. */
  readonly services: number;
  /** Of the service that is measured. @default 2 */
  readonly consumers?: number;
}

/** The loop on one file, without HTTP: what one more run costs it. */
export class LoopInstance {
  readonly #embedded: Embedded;
  readonly #loop: Loop;
  readonly #worker;
  readonly #consumers: number;
  #dispatched = 0;
  #lastRun = 0;

  private constructor(embedded: Embedded, consumers: number) {
    this.#embedded = embedded;
    this.#consumers = consumers;
    const github = instantGitHub(() => (this.#dispatched += 1));
    const { store, bus } = embedded;
    this.#loop = loopOn({
      store,
      bus,
      clock: systemClock,
      github,
      issuer,
      changes: {
        pace: new FairPace({ perMinute: 1e9, burst: 1e9 }, async () => null),
        waits: { completionWaitMs: 86_400_000, eventOnlyGraceMs: 0 },
      },
    });
    this.#worker = startWorker(this.#loop);
  }

  /** With other services and consumers beside the ones measured, and runs gone before. */
  static async open(
    directory: string,
    { runs, services, consumers = 2 }: Size,
    options: EmbeddedOptions = {},
  ): Promise<LoopInstance> {
    const instance = new LoopInstance(openEmbedded(directory, systemClock, options), consumers);
    const github = instantGitHub(() => undefined);
    const own = [
      resource('Service', { owner: 'acme', name: 'orders' }, { repository: provider.fullName, workflow }),
      ...Array.from({ length: consumers }, (_, n) => subscription('acme/orders', `own-${n}`, `own-${n}/x`)),
    ];
    const others = Array.from({ length: services }, (_, n) => [
      resource('Service', { owner: `other-${n}`, name: 'service' }, { repository: `other-${n}/repository`, workflow }),
      subscription(`other-${n}/service`, `other-${n}`, `consumer-${n}/x`),
    ]).flat();
    const all = [...own, ...others];
    const context = { store: instance.#embedded.store, github, issuer, nowMs: Date.now(), dryRun: false };
    for (let start = 0; start < all.length; start += appliedAtOnce)
      await applyResources(context, all.slice(start, start + appliedAtOnce), manager);
    await instance.play(runs);
    return instance;
  }

  /** Messages and completions of so many runs, until every consumer has got each. Returns microseconds for a run. */
  async play(runs: number): Promise<number> {
    const expected = this.#dispatched + runs * this.#consumers;
    const started = performance.now();
    for (let n = 0; n < runs; n += 20) {
      await Promise.all(
        Array.from({ length: Math.min(20, runs - n) }, async () => {
          const runId = String((this.#lastRun += 1));
          await acceptMessage(this.#loop, messageOf(0, 'ordered', runId), Date.now());
          await acceptWebhook(this.#loop, runWebhook('completed', `guid-${runId}`, runId), Date.now());
        }),
      );
    }
    while (this.#dispatched < expected) await new Promise((resolve) => setImmediate(resolve));
    return ((performance.now() - started) * 1000) / runs;
  }

  async close(): Promise<void> {
    await this.#worker.stop();
    await this.#embedded.close();
  }
}

const resource = (kind: string, metadata: object, spec: object): object => ({
  apiVersion: 'zekt.dev/v1',
  kind,
  metadata,
  spec,
});
const subscription = (service: string, name: string, repository: string): object =>
  resource('Subscription', { name }, { service, repository, state: 'approved', eventTypes: ['*'] });
