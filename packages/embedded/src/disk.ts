/** What the write queue needs to know of the disk. */
export interface Disk {
  /** How long a group may gather (ms): 0 where none waits for a disk. */
  readonly gatherMs: number;
  /** Null, or resolves when the next group may be written. */
  ready(): Promise<void> | null;
  /** Resolves when everything that was committed before the call is on disk. Null where there is no disk. */
  sync(): Promise<void> | null;
  close(): Promise<void>;
}

/** For a store in memory. */
export const noDisk: Disk = {
  gatherMs: 0,
  ready: () => null,
  sync: () => null,
  close: async () => undefined,
};
