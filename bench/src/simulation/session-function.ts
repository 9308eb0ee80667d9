import { Instance } from './instance.ts';
import type { Parameters } from './parameters.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Limit, Waits } from './waits.ts';

interface Session<M> {
  readonly waiting: { readonly message: M; readonly cameAt: number; readonly isRepeated: boolean }[];
  /** Goes on with the next message, where an instance holds the session and has nothing to do. */
  wake: (() => void) | null;
  isHeld: boolean;
  heldSince: number;
  /** Since when it has had a message and no holder. */
  readySince: number;
}

export interface SessionFunctionOptions<M> {
  readonly time: VirtualTime;
  readonly waits: Waits;
  readonly parameters: Parameters;
  readonly alwaysReady: number;
  /** An operation of the broker, and what comes after it. */
  readonly broker: (then: () => void) => void;
  /** @param isRepeated it was handled before, and what came of it is known */
  readonly handle: (message: M, instance: Instance, done: () => void, isRepeated: boolean) => void;
}

/**
 * A queue with sessions and the function that works on it, in as many instances as the platform's scaler starts: a session is held by one
 * place in one instance until it has been empty for a while, and its messages are handled one after another.
 */
export class SessionFunction<M> {
  readonly #options: SessionFunctionOptions<M>;
  readonly #sessions = new Map<string, Session<M>>();
  readonly #ready: Session<M>[] = [];
  /** Places that wait for a session, those that have waited longest first. */
  readonly #free: Instance[] = [];
  #instances = 0;
  #starting = 0;
  #places = 0;
  #inQueue = 0;
  #handled = 0;
  #lostLocks = 0;
  #mostPlaces = 0;

  constructor(options: SessionFunctionOptions<M>) {
    this.#options = options;
    for (let n = 0; n < options.alwaysReady; n += 1) this.#start();
    this.#look();
  }

  get instances(): number {
    return this.#instances;
  }

  /** Most places at once, each of which is a receiver. */
  get mostPlaces(): number {
    return this.#mostPlaces;
  }

  get handled(): number {
    return this.#handled;
  }

  /** Messages that could not be settled because the lock of their session was lost: they came again. */
  get lostLocks(): number {
    return this.#lostLocks;
  }

  publish(name: string, message: M): void {
    const { now } = this.#options.time;
    const session = this.#sessions.get(name) ?? {
      waiting: [],
      wake: null,
      isHeld: false,
      heldSince: now,
      readySince: now,
    };
    this.#sessions.set(name, session);
    this.#inQueue += 1;
    session.waiting.push({ message, cameAt: now, isRepeated: false });
    if (session.wake) session.wake();
    else if (!session.isHeld && session.waiting.length === 1) this.#offer(session);
  }

  #offer(session: Session<M>): void {
    session.readySince = this.#options.time.now;
    this.#ready.push(session);
    this.#assign();
  }

  #assign(): void {
    const { time, waits } = this.#options;
    while (this.#ready.length > 0 && this.#free.length > 0) {
      const session = this.#ready.shift();
      const instance = this.#free.shift();
      if (!session || !instance) return;
      waits.note(this.#shortage(), time.now, time.now - session.readySince);
      session.isHeld = true;
      session.heldSince = time.now;
      this.#goOn(session, instance);
    }
  }

  /** Why no place was free. */
  #shortage(): Limit {
    const { receiversPerQueue, maximumInstances } = this.#options.parameters;
    if (this.#places >= receiversPerQueue) return 'receivers of a queue';
    return this.#instances >= maximumInstances ? 'maximumInstanceCount' : 'instances that are still to start';
  }

  #goOn(session: Session<M>, instance: Instance): void {
    const { time, waits, broker, handle, parameters } = this.#options;
    session.wake = null;
    const next = session.waiting.shift();
    if (!next) {
      let isOver = false;
      session.wake = () => {
        isOver = true;
        this.#goOn(session, instance);
      };
      time.after(parameters.sessionIdleMs, () => {
        if (!isOver) this.#release(session, instance);
      });
      return;
    }
    // Receive, handle, settle.
    broker(() =>
      handle(
        next.message,
        instance,
        () =>
          broker(() => {
            if (time.now - session.heldSince > parameters.lockRenewalMs + parameters.lockMs) {
              this.#lostLocks += 1;
              session.waiting.unshift({ ...next, isRepeated: true });
              this.#release(session, instance);
              this.#offer(session);
              return;
            }
            this.#handled += 1;
            this.#inQueue -= 1;
            const [behind] = session.waiting;
            if (behind)
              waits.note('order within a session', time.now, time.now - Math.max(behind.cameAt, session.heldSince));
            this.#goOn(session, instance);
          }),
        next.isRepeated,
      ),
    );
  }

  #release(session: Session<M>, instance: Instance): void {
    session.wake = null;
    session.isHeld = false;
    this.#free.push(instance);
    this.#assign();
  }

  /** The scaler ("Target-based scaling"): as many instances as places are wanted by what is in the queue, a few more at a time. */
  #look(): void {
    const { time, parameters } = this.#options;
    const { scalerEveryMs, scalerStep, sessionsPerInstance, maximumInstances, coldStartMs } = parameters;
    const wanted = Math.min(Math.ceil(this.#inQueue / sessionsPerInstance), maximumInstances);
    const missing = Math.min(wanted - this.#instances - this.#starting, scalerStep);
    for (let n = 0; n < missing; n += 1) {
      this.#starting += 1;
      time.after(coldStartMs, () => {
        this.#starting -= 1;
        this.#start();
      });
    }
    time.after(scalerEveryMs, () => this.#look());
  }

  #start(): void {
    const { time, waits, parameters } = this.#options;
    const { sessionsPerInstance, receiversPerQueue, memoryMB } = parameters;
    const instance = new Instance(time, waits, memoryMB);
    this.#instances += 1;
    for (let n = 0; n < sessionsPerInstance && this.#places < receiversPerQueue; n += 1) {
      this.#places += 1;
      this.#free.push(instance);
    }
    this.#mostPlaces = Math.max(this.#mostPlaces, this.#places);
    this.#assign();
  }
}
