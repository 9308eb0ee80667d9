import { randomBytes } from 'node:crypto';
import type { Server, AddressInfo } from 'node:net';
import rhea, { type AmqpError, type Connection, type Container, type EventContext } from 'rhea';
import { answerAtOnce } from './answer-at-once.ts';
import type { EntraDoor } from '../identity/entra-door.ts';
import { attachReceiver, attachSender, isManagement } from './attach.ts';
import { Claims } from './claims.ts';
import { Credits } from './credits.ts';
import { answerManagement, type ManagementAnswer } from './management.ts';
import { Queue, type BrokerClock, type Consumer, type QueueOptions } from './queue.ts';
import {
  codec,
  type AmqpMessage,
  type BrokerDelivery,
  type BrokerReceiver,
  type BrokerSender,
  type BrokerSession,
} from './rhea.ts';
import { isTooLarge, maxMessageBytes } from './message-size.ts';
import { readPutToken } from './token.ts';
import { Traffic } from './traffic.ts';
import { amqpError, entityNotFound, isAmqpError, serverBusy, tooLarge, unauthorized } from './wire.ts';

export interface ServiceBusDoubleOptions {
  readonly queues: Readonly<Record<string, QueueOptions>>;
  /** For schedules and duplicates. Default: the system's. */
  readonly clock?: BrokerClock;
  readonly port?: number;
  /** A second door, for Entra tokens, over TLS. */
  readonly entra?: EntraDoor;
}

const keyName = 'RootManageSharedAccessKey';
/** The AMQP message format of a batch ("AMQP 1.0 in Azure Service Bus: protocol guide"). */
const batchFormat = 0x80_01_37_00;
const deadLetterSuffix = '/$deadletterqueue';
const managementSuffix = '/$management';

const realTime: BrokerClock = {
  now: () => Date.now(),
  at(atMs, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, atMs - Date.now()), 2 ** 31 - 1)).unref();
    return () => clearTimeout(timer);
  },
};

/** Service Bus on loopback, in memory: an AMQP 1.0 broker for the real @azure/service-bus, with the queues' semantics that Zekt uses. */
export class ServiceBusDouble {
  /** Asked before each message is taken in: true refuses it as a busy server would. */
  isBusy: (queue: string) => boolean = () => false;
  /** What was asked of each queue. */
  readonly traffic = new Traffic();
  /** See `Credits`. */
  readonly credits: Credits;
  /** Tokens that were put. */
  tokens = 0;
  readonly #clock: BrokerClock;
  readonly #entra: EntraDoor | undefined;
  readonly #claims = new Claims((connection, address) => this.#expire(connection, address));
  readonly #links = new Map<BrokerSender | BrokerReceiver, string>();
  readonly #queues = new Map<string, Queue>();
  readonly #key = randomBytes(32).toString('base64');
  readonly #container: Container = rhea.create_container({ id: 'service-bus-double' });
  readonly #connections = new Set<Connection>();
  /** Which consumer a link belongs to. */
  readonly #consumers = new WeakMap<object, Consumer>();
  #server: Server | undefined;
  #secureServer: Server | undefined;

  private constructor({ queues, clock = realTime, entra }: ServiceBusDoubleOptions) {
    this.#clock = clock;
    this.#entra = entra;
    this.credits = new Credits(() => clock.now());
    for (const [name, options] of Object.entries(queues))
      this.#queues.set(name.toLowerCase(), new Queue(name, options, clock, this.traffic));
    this.#listen();
  }

  static async start(options: ServiceBusDoubleOptions): Promise<ServiceBusDouble> {
    const double = new ServiceBusDouble(options);
    double.#server = await double.#open({ port: options.port ?? 0 });
    const { entra } = options;
    if (entra) {
      double.#secureServer = await double.#open({ port: 0, transport: 'tls', cert: entra.cert, key: entra.key });
    }
    return double;
  }

  async #open(door: object): Promise<Server> {
    const server = this.#container.listen({
      host: '127.0.0.1',
      tcp_no_delay: true,
      max_frame_size: 65_536,
      receiver_options: { autoaccept: false, credit_window: 500 },
      sender_options: { treat_modified_as_released: false, autosettle: true },
      ...door,
    } as never);
    await new Promise<void>((resolve) => server.once('listening', resolve));
    return server;
  }

  get connectionString(): string {
    const { port } = this.#server?.address() as AddressInfo;
    return `Endpoint=sb://127.0.0.1:${port};SharedAccessKeyName=${keyName};SharedAccessKey=${this.#key};UseDevelopmentEmulator=true;`;
  }

  /** A namespace for `ServiceBusClient` with a token credential. */
  get secureNamespace(): string {
    if (!this.#secureServer) throw new Error('The double was started without a door for tokens.');
    return `127.0.0.1:${(this.#secureServer.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    for (const connection of this.#connections) destroy(connection);
    for (const server of [this.#server, this.#secureServer])
      await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  /** For clients that are about to stop: none waits for a session any more, as if each one's time had run out. */
  hasten(): void {
    for (const queue of this.#queues.values()) queue.hasten();
  }

  // Faults

  /** Every client finds its connection broken. */
  dropConnections(): void {
    for (const connection of this.#connections) destroy(connection);
  }

  /** Closes every receiving link of a queue, as Azure does with idle links and on upgrades. */
  detachLinks(queue: string): void {
    for (const { link } of [...this.#queue(queue).consumers])
      link.close(amqpError('amqp:link:detach-forced', 'The link was detached by a test.'));
  }

  /** Every token runs out at once: all links are detached until their clients put new ones. */
  expireTokens(): void {
    this.#claims.expire();
  }

  /** Every lock of a queue runs out at once. */
  loseLocks(queue: string): void {
    this.#queue(queue).loseLocks();
  }

  #queue(name: string): Queue {
    const queue = this.#find(name);
    if (!queue) throw new Error(`There is no queue '${name}'.`);
    return queue;
  }

  #find(address: string): Queue | undefined {
    const name = address.replace(/^\//, '').toLowerCase();
    if (!name.endsWith(deadLetterSuffix)) return this.#queues.get(name);
    return this.#queues.get(name.slice(0, -deadLetterSuffix.length))?.deadLetters ?? undefined;
  }

  #listen(): void {
    const container = this.#container;
    (container.sasl_server_mechanisms as { enable_anonymous(): void }).enable_anonymous();
    container.on('connection_open', ({ connection }: EventContext) => {
      this.#connections.add(connection);
      answerAtOnce(connection);
    });
    for (const event of ['connection_close', 'disconnected']) {
      container.on(event, ({ connection }: EventContext) => this.#forget(connection));
    }
    // rhea throws what nobody listens to.
    for (const event of [
      'connection_error',
      'session_error',
      'sender_error',
      'receiver_error',
      'protocol_error',
      'error',
    ]) {
      container.on(event, () => undefined);
    }
    container.on('receiver_open', ({ receiver }: EventContext) => {
      if (!receiver) return;
      const address = addressOf(receiver.target);
      if (!this.#admit(receiver as BrokerReceiver, address)) return;
      attachSender(receiver as BrokerReceiver, address, this.#find(address));
    });
    container.on('sender_open', ({ sender }: EventContext) => {
      if (!sender) return;
      const address = addressOf(sender.source);
      if (!this.#admit(sender as BrokerSender, address)) return;
      attachReceiver(sender as BrokerSender, address, this.#find(address), (consumer) =>
        this.#consumers.set(sender, consumer),
      );
    });
    container.on('sender_flow', ({ sender }: EventContext) => {
      const consumer = sender && this.#consumers.get(sender);
      if (!consumer) return;
      if ((sender as BrokerSender)._draining) consumer.isDraining = true;
      consumer.queue.pumpSoon();
    });
    container.on('sender_close', ({ sender }: EventContext) => {
      this.#links.delete(sender as BrokerSender);
      this.#leave((link) => link === sender);
    });
    container.on('receiver_close', ({ receiver }: EventContext) => void this.#links.delete(receiver as BrokerReceiver));
    container.on('message', (context: EventContext) => this.#receive(context));
    container.on('accepted', (context: EventContext) => this.#settle('complete', context));
    container.on('rejected', (context: EventContext) => this.#settle('deadLetter', context));
    container.on('modified', (context: EventContext) => this.#settle('abandon', context));
    container.on('released', (context: EventContext) => this.#settle('abandon', context));
  }

  /** Whoever attaches a link must have put a token for its address. */
  #admit(link: BrokerSender | BrokerReceiver, address: string): boolean {
    const name = address.replace(/^\//, '').toLowerCase();
    const isAdmitted = name === '$cbs' || this.#claims.has(link.connection, name);
    if (isAdmitted) this.#links.set(link, name);
    else link.close(unauthorized(`Unauthorized access. A token for '${name}' is required.`));
    return isAdmitted;
  }

  /** A token was not renewed: its links are detached, as Azure does. */
  #expire(connection: Connection, address: string): void {
    for (const [link, name] of [...this.#links]) {
      if (link.connection !== connection || name !== address) continue;
      this.#links.delete(link);
      // One that still waits for a session has not been answered at all.
      for (const { waiters } of this.#queues.values()) {
        for (const waiter of [...waiters]) if (waiter.link === link && waiters.delete(waiter)) waiter.link.attach();
      }
      link.close(unauthorized('ExpiredToken: The token is expired.'));
    }
  }

  #forget(connection: Connection): void {
    this.#claims.forget(connection);
    for (const link of [...this.#links.keys()]) if (link.connection === connection) this.#links.delete(link);
    this.#connections.delete(connection);
    this.#leave((link) => link.connection === connection);
  }

  /** Links are gone: what they held is free, what they waited for is not theirs any more. */
  #leave(isGone: (link: BrokerSender) => boolean): void {
    for (const queue of this.#queues.values()) {
      for (const { consumers, waiters } of queue.deadLetters ? [queue, queue.deadLetters] : [queue]) {
        for (const consumer of [...consumers]) if (isGone(consumer.link)) consumer.queue.leave(consumer);
        for (const waiter of [...waiters]) if (isGone(waiter.link)) waiters.delete(waiter);
      }
    }
  }

  #receive(context: EventContext): void {
    const { message, delivery, receiver, session } = context;
    if (!delivery || !receiver || !session) return;
    const address = addressOf(receiver.target);
    if (isManagement(address)) {
      delivery.accept();
      const request = message as AmqpMessage;
      const answer = this.#manage(receiver.connection, address, request);
      const link = session.find_sender(
        (it: BrokerSender) => it.name === request.reply_to || addressOf(it.target) === request.reply_to,
      );
      link?.send(replyTo(request, answer) as never);
      return;
    }
    const isBatch = delivery.format === batchFormat;
    const refused =
      isBatch && (message as unknown as Buffer).length > maxMessageBytes
        ? tooLarge
        : this.#take(address, isBatch ? unpack(message as unknown as Buffer) : [message as AmqpMessage]);
    if (!refused) {
      delivery.accept();
      return;
    }
    answerNow(session as BrokerSession);
    delivery.reject(refused);
    answerNow(session as BrokerSession);
  }

  #take(address: string, messages: readonly AmqpMessage[]): AmqpError | null {
    const queue = this.#find(address);
    if (!queue) return entityNotFound(address);
    this.traffic.add(queue.name, 'sends');
    if (this.isBusy(queue.name) || !this.credits.take(messages.length)) return serverBusy;
    if (messages.some(isTooLarge)) return tooLarge;
    try {
      for (const message of messages) queue.enqueue(message);
      this.traffic.add(queue.name, 'sent', messages.length);
      return null;
    } catch (error) {
      if (isAmqpError(error)) return error;
      throw error;
    }
  }

  #manage(connection: Connection, address: string, request: AmqpMessage): ManagementAnswer {
    if (address === '$cbs') return this.#putToken(connection, request);
    const queue = this.#find(address.slice(0, -managementSuffix.length));
    if (!queue) return { status: 404, error: entityNotFound(address) };
    if (!this.credits.take(1)) return { status: 503, error: serverBusy };
    return answerManagement(request, queue);
  }

  #putToken(connection: Connection, request: AmqpMessage): ManagementAnswer {
    const { address, end } = readPutToken(request, { [keyName]: this.#key }, this.#entra);
    if (!end)
      return {
        status: 401,
        error: unauthorized('InvalidSignature: The token has an invalid signature, or it is expired.'),
      };
    this.tokens += 1;
    const clock = 'atMs' in end ? this.#clock : realTime;
    const atMs = 'atMs' in end ? end.atMs : Date.now() + end.afterMs;
    this.#claims.put(connection, address.toLowerCase(), (callback) => clock.at(atMs, callback));
    return { status: 202 };
  }

  #settle(outcome: 'complete' | 'abandon' | 'deadLetter', { delivery: any, sender }: EventContext): void {
    const consumer = sender && this.#consumers.get(sender);
    const delivery = any as BrokerDelivery | undefined;
    if (!consumer || !delivery || consumer.deletes || delivery.settled) return;
    const why = (delivery.remote_state?.error?.info ?? {}) as Record<string, unknown>;
    const error = consumer.queue.settle(delivery.tag as Buffer, outcome, why);
    delivery.update(true, (error ? codec.rejected({ error }) : codec.accepted()).described());
    // The client settles silently; without this rhea's buffer of deliveries fills up for good.
    delivery.remote_settled = true;
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const addressOf = (terminus: { address?: unknown } | undefined): string => text(terminus?.address) ?? '';

/**
 * rhea puts the answers to deliveries that follow each other into one frame, and of the first two it does not compare the outcome: a refusal
 * behind an acceptance would reach its sender as an acceptance. So what is to be answered goes out before a refusal, and the refusal alone.
 */
function answerNow(session: BrokerSession): void {
  session.incoming.process(session);
}

/** rhea notices a lost connection only when the socket says why. */
function destroy(connection: Connection): void {
  (connection as unknown as { socket?: { destroy(error: Error): void } }).socket?.destroy(new Error('dropped'));
}

function unpack(envelope: Buffer): AmqpMessage[] {
  const body = codec.decode(envelope).body as { multiple?: boolean; content: Buffer | Buffer[] };
  return (body.multiple ? (body.content as Buffer[]) : [body.content as Buffer]).map((bytes) => codec.decode(bytes));
}

function replyTo(request: AmqpMessage, { status, body = {}, error }: ManagementAnswer): AmqpMessage {
  const description = error?.description ?? 'OK';
  return {
    correlation_id: request.message_id,
    application_properties: {
      statusCode: status,
      'status-code': status,
      statusDescription: description,
      'status-description': description,
      ...(error && { errorCondition: error.condition }),
    },
    body,
  };
}
