import type { ServiceBusClient, ServiceBusReceivedMessage, ServiceBusSessionReceiver } from '@azure/service-bus';
import type { Consumer, Log, QueueName } from '@zekt/core';
import { deadAtProperty, deliveryCountProperty } from './dead-letters.ts';
import { fromWire, type Parcel } from './envelope.ts';
import { within } from './within.ts';
import type { Verdict } from './work-on.ts';

export interface SessionConsumerOptions {
  /** One that does not try again by itself, and waits for a session no longer than its timeout. */
  readonly client: ServiceBusClient;
  readonly queue: QueueName;
  /** Sessions in hand at once. */
  readonly sessions: number;
  readonly log: Log;
  /** Handles a message and sends its copy if it needs one. */
  readonly work: (parcel: Parcel, redeliveries: number) => Promise<Verdict>;
  /** How long Service Bus has for an answer; it must be longer than the client's timeout. @default 15000 */
  readonly answerLimitMs?: number;
}

/** A session that has nothing more is given back after this. */
const idleMs = 50;
/** Then another session has its turn. */
const messagesPerTurn = 50;
/** A lock is renewed for so long from when its session was accepted, not from each message: a busy session must not outlive it. */
const renewLocksForMs = 24 * 60 * 60_000;
/** The SDK waits a minute for the answer to a settlement on a link that was closed meanwhile. */
const settleLimitMs = 10_000;
/** A question for a session, or for a message, that a broken connection swallowed: the SDK would wait a minute for its answer. */
const defaultAnswerLimitMs = 15_000;
const pauseAfterErrorMs = 250;

/**
 * Works on the sessions of a queue. One acceptor waits for the next session; as soon as it has one, another takes its place, up to the
 * number of sessions. So an idle queue costs one link.
 */
export class SessionConsumer implements Consumer {
  readonly #options: SessionConsumerOptions;
  readonly #inHand = new Set<Promise<void>>();
  #accepting: Promise<void> | null = null;
  #isStopped = false;

  constructor(options: SessionConsumerOptions) {
    this.#options = options;
    this.#callAcceptor();
  }

  /** Waits for the acceptor, too: Service Bus may still give it a session, and the SDK can't take the question back. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#accepting;
    while (this.#inHand.size > 0) await Promise.all(this.#inHand);
  }

  #callAcceptor(): void {
    if (this.#isStopped || this.#accepting || this.#inHand.size >= this.#options.sessions) return;
    this.#accepting = this.#accept().then((session) => {
      this.#accepting = null;
      if (session) {
        const work = this.#workOn(session).finally(() => {
          this.#inHand.delete(work);
          this.#callAcceptor();
        });
        this.#inHand.add(work);
      }
      this.#callAcceptor();
    });
  }

  /** The next session that has something to do; null when there was none in time. */
  async #accept(): Promise<ServiceBusSessionReceiver | null> {
    const { client, queue, log, answerLimitMs = defaultAnswerLimitMs } = this.#options;
    const accepting = client.acceptNextSession(queue, { maxAutoLockRenewalDurationInMs: renewLocksForMs });
    try {
      return await within(answerLimitMs, accepting, 'the question for a session was not answered in time');
    } catch (error) {
      // Should an answer come late, the session is for others.
      void accepting.then((session) => session.close()).catch(() => undefined);
      if (!this.#isStopped && !isTimeout(error)) {
        log.warn({ queue, err: error }, 'no session could be accepted; trying again');
        await new Promise((resolve) => setTimeout(resolve, pauseAfterErrorMs));
      }
      return null;
    }
  }

  /** One turn. Never throws: what was not settled comes again. */
  async #workOn(session: ServiceBusSessionReceiver): Promise<void> {
    const { queue, log, answerLimitMs = defaultAnswerLimitMs } = this.#options;
    try {
      for (let turn = 0; turn < messagesPerTurn && !this.#isStopped; turn += 1) {
        const receiving = session.receiveMessages(1, { maxWaitTimeInMs: idleMs });
        const [message] = await within(answerLimitMs, receiving, 'the question for a message was not answered in time');
        if (!message) break;
        await this.#handle(session, message);
      }
    } catch (error) {
      log.warn({ queue, err: error }, 'a session was lost; its messages come again');
    } finally {
      await within(settleLimitMs, session.close(), 'the session was not closed in time').catch(() => undefined);
    }
  }

  async #handle(session: ServiceBusSessionReceiver, message: ServiceBusReceivedMessage): Promise<void> {
    const parcel = fromWire(message.body);
    const redeliveries = message.deliveryCount ?? 0;
    const verdict: Verdict = parcel
      ? await this.#options.work(parcel, redeliveries)
      : { kind: 'dead', reason: 'This is not a message of Zekt.', deliveryCount: redeliveries + 1 };
    const settling =
      verdict.kind === 'dead'
        ? session.deadLetterMessage(message, {
            deadLetterReason: 'GivenUp',
            deadLetterErrorDescription: verdict.reason.slice(0, 4000),
            [deliveryCountProperty]: verdict.deliveryCount,
            [deadAtProperty]: Date.now(),
          })
        : session.completeMessage(message);
    await within(settleLimitMs, settling, 'the settlement was not answered in time');
  }
}

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ServiceTimeout' || error.code === 'OperationTimeout');
