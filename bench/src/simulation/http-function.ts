import { Instance } from './instance.ts';
import type { Parameters } from './parameters.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Waits } from './waits.ts';

export interface HttpFunctionOptions {
  readonly time: VirtualTime;
  readonly waits: Waits;
  readonly parameters: Parameters;
}

type Request = (instance: Instance, done: () => void) => void;

/** The functions that are called by HTTP: they share instances, and another is started where all have as many requests as they take at once. */
export class HttpFunction {
  readonly #options: HttpFunctionOptions;
  readonly #free: Instance[] = [];
  readonly #waiting: { readonly request: Request; readonly cameAt: number }[] = [];
  #instances = 0;
  #starting = 0;
  #lastStartAt = Number.NEGATIVE_INFINITY;

  constructor(options: HttpFunctionOptions) {
    this.#options = options;
    for (let n = 0; n < options.parameters.readyHttp; n += 1) this.#start();
  }

  get instances(): number {
    return this.#instances;
  }

  ask(request: Request): void {
    this.#waiting.push({ request, cameAt: this.#options.time.now });
    this.#assign();
    if (this.#waiting.length > 0) this.#startAnother();
  }

  #assign(): void {
    const { time, waits, parameters } = this.#options;
    while (this.#waiting.length > 0 && this.#free.length > 0) {
      const next = this.#waiting.shift();
      const instance = this.#free.shift();
      if (!next || !instance) return;
      const isFull = this.#instances >= parameters.maximumInstances;
      waits.note(
        isFull ? 'maximumInstanceCount' : 'instances that are still to start',
        time.now,
        time.now - next.cameAt,
      );
      next.request(instance, () => {
        this.#free.push(instance);
        this.#assign();
      });
    }
  }

  /** One at a time, and only for what those that start will not take ("Event-driven scaling": HTTP triggers, once a second). */
  #startAnother(): void {
    const { time, parameters } = this.#options;
    const { maximumInstances, httpStartsEveryMs, coldStartMs, httpConcurrency } = parameters;
    if (this.#waiting.length <= this.#starting * httpConcurrency) return;
    if (this.#instances + this.#starting >= maximumInstances) return;
    if (time.now - this.#lastStartAt < httpStartsEveryMs) return;
    this.#lastStartAt = time.now;
    this.#starting += 1;
    time.after(coldStartMs, () => {
      this.#starting -= 1;
      this.#start();
      if (this.#waiting.length > 0) this.#startAnother();
    });
  }

  #start(): void {
    const { time, waits, parameters } = this.#options;
    const instance = new Instance(time, waits, parameters.memoryMB);
    this.#instances += 1;
    for (let n = 0; n < parameters.httpConcurrency; n += 1) this.#free.push(instance);
    this.#assign();
  }
}
