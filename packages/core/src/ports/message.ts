/** The queues of the loop. */
export const queues = [
  'correlate',
  'directory',
  'dispatch',
  'track',
  'events',
  'approvals',
  'notifications',
  'hooks',
] as const;
export type QueueName = (typeof queues)[number];

export interface BusMessage {
  readonly queue: QueueName;
  /** While a message of this id is in the queue, publishing it again does nothing. Never a bare number. */
  readonly id: string;
  /** Messages of one session are handled one at a time, in the order they become visible. */
  readonly session: string;
  readonly body: object;
  /** Not handled before, in milliseconds since the epoch. Default: at once. */
  readonly notBefore?: number;
}
