import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { complete, decides, type BusMessage, type Consumer, type Outcome, type Received } from '@zekt/core';
import { ManualClock, randomFrom } from '@zekt/core/testing';
import { openEmbedded, type Embedded } from '../open-embedded.ts';
import { WalDisk } from '../wal-disk.ts';
import { checkCut, restore } from './check-cut.ts';
import type { Fate, Op, Turn } from './history.ts';
import { Recorder, type Cut, type Synced } from './recorder.ts';

/** So small that short histories copy the log and begin it anew. */
const limits = { abovePages: 12, restPages: 4, lookEvery: 2 };
const queue = 'track';
const partition = 'shared';
/** Only the recorder knows what is durable, so the real disk need not be slow. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** One process after another on one disk, and a power cut, tried out, at each point. */
export class Machine {
  readonly #root = mkdtempSync(join(memory, 'zekt-power-cut-'));
  readonly #clock = new ManualClock();
  readonly #random: () => number;
  readonly #cuts: Record<Cut['where'], number> = {
    written: 0,
    synced: 0,
    'log begun anew': 0,
    copying: 0,
    copied: 0,
  };
  #lives = 0;
  #count = 0;
  #embedded: Embedded;
  #recorder: Recorder;
  #consumer: Consumer;
  #open: Promise<unknown>[] = [];
  #wrong: Error | null = null;
  #isEnding = false;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
    mkdirSync(join(this.#root, 'cut'));
    [this.#embedded, this.#recorder, this.#consumer] = this.#start(join(this.#root, 'life-0'));
  }

  async play(turn: Turn): Promise<void> {
    switch (turn.kind) {
      case 'ops': {
        const all = Promise.allSettled(turn.ops.map((op) => this.#do(op)));
        this.#open.push(all);
        await (turn.isAwaited ? all : immediate());
        break;
      }
      case 'time':
        this.#clock.advance(turn.ms);
        await immediate();
        break;
      case 'reader':
        this.#recorder.toggleReader();
        break;
      case 'kill':
        await this.#kill();
        break;
    }
  }

  /** Waits for the end, then starts once more on what is certainly on disk and handles what is left. Returns how many cuts of each kind were tried. */
  async end(): Promise<Readonly<Record<Cut['where'], number>>> {
    await Promise.all(this.#open);
    this.#isEnding = true;
    await this.#kill(this.#recorder.synced);
    for (let n = 0; n < 60 && (await this.#embedded.bus.depth(queue)).waiting > 0; n += 1) {
      this.#clock.advance(400_000);
      for (let turns = 0; turns < 10; turns += 1) await immediate();
    }
    this.#demand((await this.#embedded.bus.depth(queue)).waiting === 0, 'all messages are handled after a power cut');
    await this.#stop();
    rmSync(this.#root, { recursive: true });
    if (this.#wrong !== null) throw this.#wrong;
    return this.#cuts;
  }

  #start(directory: string, survived?: Synced): [Embedded, Recorder, Consumer] {
    const opened: Recorder[] = [];
    const embedded = openEmbedded(directory, this.#clock, {
      openDisk: (database, path) => {
        const recorder = new Recorder(path, this.#random, (cut) => this.#try(cut), survived);
        opened.push(recorder);
        return new WalDisk(database, recorder.log, recorder.copier, limits);
      },
    });
    const [recorder] = opened;
    if (!recorder) throw new Error('the store has not opened its disk');
    const consumer = embedded.bus.consume(
      queue,
      decides((message) => this.#decide(message)),
      { sessions: 3 },
    );
    return [embedded, recorder, consumer];
  }

  /** Another process starts on what the one before has written, or on what a power cut has left of that. */
  async #kill(left?: Synced): Promise<void> {
    const files = left?.files ?? this.#recorder.written();
    const { synced } = this.#recorder;
    this.#recorder.kill();
    await this.#stop();
    this.#lives += 1;
    const directory = join(this.#root, `life-${this.#lives}`);
    mkdirSync(directory);
    restore(directory, files);
    [this.#embedded, this.#recorder, this.#consumer] = this.#start(directory, left ?? synced);
  }

  async #stop(): Promise<void> {
    await this.#consumer.stop();
    await this.#embedded.close();
  }

  async #do(op: Op): Promise<void> {
    const { store, bus } = this.#embedded;
    const recorder = this.#recorder;
    switch (op.kind) {
      case 'put': {
        const own = this.#name();
        const messages = op.message === null ? [] : [this.#message(op.message)];
        await store.commit({
          partition,
          writes: [
            { kind: 'put', id: `d${op.id}`, body: { own, text: 'x'.repeat(op.size) } },
            { kind: 'create', id: own, body: {} },
          ],
          messages,
        });
        this.#demandSynced(recorder, own, 'a commit that was answered');
        break;
      }
      case 'read':
        for (let turns = 0; turns < 6; turns += 1) {
          const read = await store.get<{ own: string }>(partition, `d${op.id}`);
          if (read) this.#demandSynced(recorder, read.body.own, 'a document that was read');
          await immediate();
        }
        break;
      case 'delete':
        await store.commit({ partition, writes: [{ kind: 'delete', id: `d${op.id}` }] });
        break;
      case 'publish':
        await bus.publish(op.messages.map((fate) => this.#message(fate)));
        break;
    }
  }

  async #decide({ id, body, deliveryCount }: Received): Promise<Outcome> {
    this.#demandSynced(this.#recorder, id, 'a message that was handed out');
    const own = this.#name();
    switch ((body as { fate: Fate }).fate) {
      case 'complete':
        return { settlement: complete };
      case 'write':
        return {
          batches: [{ partition, writes: [{ kind: 'create', id: own, body: {} }] }],
          settlement: complete,
        };
      case 'fail':
        if (deliveryCount < 3) throw new Error('not yet');
        return { settlement: complete };
      case 'again':
        return { settlement: { settle: 'again', at: this.#clock.now() + 1000, body: { fate: 'write' } } };
      case 'bury':
        return { settlement: { settle: 'deadLetter', reason: 'as told' } };
      case 'publish':
        return { messages: [this.#message('complete')], settlement: complete };
    }
  }

  #message(fate: Fate): BusMessage {
    const id = this.#name();
    return { queue, id, session: `s${this.#count % 5}`, body: { fate } };
  }

  /** Ends with a mark, so that none is part of another. */
  #name(): string {
    this.#count += 1;
    return `n${this.#count}.`;
  }

  #try(cut: Cut): void {
    if (this.#isEnding) return;
    this.#cuts[cut.where] += 1;
    try {
      checkCut(join(this.#root, 'cut'), cut);
    } catch (error) {
      this.#wrong ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  #demandSynced(recorder: Recorder, name: string, what: string): void {
    this.#demand(
      recorder.synced.state.includes(`"${name}"`) || recorder.synced.state.includes(`\\"${name}\\"`),
      `${what} is on disk: ${name}`,
    );
  }

  #demand(holds: boolean, what: string): void {
    if (!holds) this.#wrong ??= new Error(`does not hold: ${what}`);
  }
}

const immediate = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
