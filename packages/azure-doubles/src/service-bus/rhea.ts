import rhea, { type AmqpError, type Delivery, type Sender, type Session, type Receiver } from 'rhea';

/** What the double needs of rhea that its published types do not name. */
export interface BrokerSender extends Sender {
  readonly credit: number;
  delivery_count: number;
  state: { local_open: boolean; open_requests: number };
  readonly local: { readonly attach: Attach };
  readonly remote: { readonly attach: Attach };
  _draining: boolean;
  _drained: boolean;
  _get_drain: () => boolean;
}

interface Attach {
  snd_settle_mode?: number;
  rcv_settle_mode?: number;
  max_message_size?: number;
  properties?: Record<string, unknown>;
}

export interface BrokerReceiver extends Receiver {
  readonly local: { readonly attach: Attach };
}

export interface BrokerSession extends Session {
  readonly outgoing: {
    readonly next_delivery_id: number;
    readonly next_pending_delivery: number;
    available(): boolean;
  };
  readonly incoming: {
    /** Writes the answers to deliveries that wait to be written. */
    process(session: Session): void;
  };
}

export interface BrokerDelivery extends Delivery {
  remote_settled: boolean;
  readonly remote_state?: {
    readonly error?: AmqpError & { readonly info?: Record<string, unknown> };
    readonly undeliverable_here?: boolean;
    readonly message_annotations?: Record<string, unknown>;
  };
}

/** An AMQP message as rhea decodes it; what is not named here is kept as it is. */
export interface AmqpMessage {
  message_id?: string;
  group_id?: string;
  correlation_id?: unknown;
  reply_to?: string;
  application_properties?: Record<string, unknown>;
  message_annotations?: Record<string, unknown>;
  body?: unknown;
  [field: string]: unknown;
}

interface Outcome {
  described(): object;
}

/** rhea's codec and wrappers for types that JavaScript does not tell apart. */
export const codec = rhea.message as unknown as {
  encode(message: AmqpMessage): Buffer;
  decode(bytes: Buffer): AmqpMessage;
  accepted(): Outcome;
  rejected(fields: { error: AmqpError }): Outcome;
};
export const wrap = rhea.types as unknown as {
  wrap_long(value: number | Buffer): unknown;
  wrap_int(value: number): unknown;
  wrap_timestamp(value: number): unknown;
  wrap_array(values: readonly unknown[], code: number): unknown;
};
/** Type codes of the arrays that the management answers hold. */
export const timestampCode = 0x83;
