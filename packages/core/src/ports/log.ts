/** Structured logging: fields first, then a sentence. No payloads, no secrets. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Counts what operators watch: `runs.blocked`, `deliveries.dispatched`… */
export type Count = (name: string) => void;

const ignore = (): void => undefined;

export const silentLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
