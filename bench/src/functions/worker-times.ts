/** What a worker measured of one app. */
export interface WorkerTimes {
  /** From the start of the process until its functions were registered. */
  readonly loadedMs: number;
  /** The same, of a process that was ready for an app. */
  readonly warmMs: number;
  readonly firstMs: number;
  /** After the first request. */
  readonly residentMiB: number;
  readonly highestMiB: number;
  /** Status codes of the webhooks. */
  readonly answers: readonly number[];
}
