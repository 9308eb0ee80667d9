/** One attempt of one workflow run. A re-run is another attempt, so another key. */
export interface RunKey {
  readonly repositoryId: string;
  readonly runId: string;
  readonly attempt: number;
}

/** `<repository id>:<run id>:<attempt>`: the correlation id that consumers see. */
export const correlationIdOf = (key: RunKey): string => `${key.repositoryId}:${key.runId}:${key.attempt}`;

export const runPartition = (correlationId: string): string => `run:${correlationId}`;
