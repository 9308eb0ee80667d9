import type { PaceLimits } from '@zekt/core';
import type { AddressGuard, Answer, OutgoingRequest, Route, Verdict } from '@zekt/egress';
import { boundMetadata } from '../event/bound-metadata.ts';
import type { NotificationEvent } from '../event/notification-event.ts';
import type { ObjectKey } from '../resources/object-key.ts';
import { neutralEvent, withoutMarkup } from './neutral.ts';

/** Everything about a destination that a request depends on: spec and secrets together. */
export interface ProviderConfig {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  /** Told apart from other destinations by it, in status contexts, aliases and markers. */
  readonly uid: string;
  readonly address: string;
  readonly channel: string;
  readonly username: string;
  readonly password: string;
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Other keys of the secret: `creds`, `nkey`, `githubAppID`… */
  readonly extra: Readonly<Record<string, string>>;
  /** Shorten what its service would refuse for its length. */
  readonly truncate: boolean;
  /** Name of the header that carries the reporting controller, for generic types. */
  readonly componentHeader: string;
  /** What a commit status is known by, where an expression says so. */
  readonly statusId: string | null;
  /** Whose alert sends; null in a test. */
  readonly alert: ObjectKey | null;
  readonly remembered: Remembered;
}

/** What an exchange may keep for the next: access tokens, what a server said about itself. Times in milliseconds. */
export interface Remembered {
  get(key: string): string | undefined;
  /** @param untilMs what is over is forgotten */
  set(key: string, value: string, untilMs: number): void;
}

export interface ReceivedAnswer extends Answer {
  readonly at: number;
}

/** One request of an exchange. */
export interface WireRequest extends OutgoingRequest {
  /** Sent by a client of its own protocol instead of by HTTP. */
  readonly via?: (guard: AddressGuard, route: Route) => Promise<Answer>;
  /** The bytes that are sent, where people can't read them: then `body` says the same in words. */
  readonly encode?: () => Promise<Uint8Array>;
  /** Request and answer hold a secret that is made on the way: neither is shown. */
  readonly isSecret?: true;
  /** What a dry run takes for the answer. Default: 200 without a body. */
  readonly assumed?: Partial<Answer>;
}

/** The requests that carry one event, each made with the answer to the one before. Pure: the caller sends. */
export type Exchange = Generator<WireRequest, Verdict, ReceivedAnswer>;

/** The most of something that is sent, in the unit in which its service counts. */
export interface Limit {
  readonly of: string;
  readonly most: number;
  readonly unit: 'characters' | 'bytes';
}

/**
 * `status`: any 2xx. `noPage`: a 2xx that is no web page, which something else must have sent. `noRefusal`: a 2xx whose body does not say no.
 * `receipt`: that of a broker, in its own protocol.
 */
export type Taken = 'status' | 'noPage' | 'noRefusal' | 'receipt';

export type Need = 'required' | 'optional' | 'ignored';

export interface ProviderType {
  readonly type: string;
  readonly needs: Readonly<
    Record<'address' | 'channel' | 'username' | 'password' | 'token' | 'headers' | 'proxy' | 'tls', Need>
  >;
  /** Which events come through, beside what alerts say. */
  readonly gate: 'commitStatus' | 'comment' | 'everything' | 'messages';
  /** Events whose reason is `Progressing` are no news to it. */
  readonly skipsProgressing?: true;
  /** What it shows of an object is replaced by what comes next: an older event must not come after a newer one. */
  readonly isState?: true;
  /** How fast its service takes messages from one sender. Default: as fast as they come. */
  readonly rate?: PaceLimits;
  /** Its address need not be an http or https URL; `problems` says what it must be. */
  readonly hasOwnAddress?: true;
  /** What is wrong with a configuration beyond what `needs` says. */
  readonly problems?: (config: ProviderConfig) => string[];
  /** Makes a text one in which its service finds no mark-up. Those with a gate for comments have one without it. */
  readonly neutral?: (text: string) => string;
  /** How many bytes of metadata it has room for beside a message. */
  readonly mostMetadata?: number;
  /** What else is shortened to what its service takes, unless `truncate` is false. */
  readonly limits: readonly Limit[];
  /** What is asked for before something is written. */
  readonly reads?: 'comments' | 'statuses' | 'one status';
  /** Which answer to a write means that it was taken. */
  readonly taken: Taken;
  /** @param nowMs milliseconds since the epoch */
  readonly exchange: (event: NotificationEvent, config: ProviderConfig, nowMs: number) => Exchange;
}

/**
 * The requests for an event. Its texts call nobody and hide no link, and what its service would refuse for its length is shortened unless the
 * configuration says otherwise.
 */
export function startExchange(
  { exchange, mostMetadata, gate, neutral = gate === 'comment' ? withoutMarkup : undefined }: ProviderType,
  event: NotificationEvent,
  config: ProviderConfig,
  nowMs: number,
): Exchange {
  const safe = neutral ? neutralEvent(event, neutral) : event;
  const isBounded = config.truncate && mostMetadata !== undefined;
  return exchange(isBounded ? boundMetadata(safe, mostMetadata) : safe, config, nowMs);
}

/** Of most: an address, and the transport's options. */
export const webhookNeeds = {
  address: 'required',
  channel: 'ignored',
  username: 'ignored',
  password: 'ignored',
  token: 'ignored',
  headers: 'ignored',
  proxy: 'optional',
  tls: 'optional',
} as const;
