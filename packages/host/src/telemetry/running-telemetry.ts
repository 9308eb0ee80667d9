import type { Telemetry } from '@zekt/core';

export interface RunningTelemetry {
  readonly telemetry: Telemetry;
  /** Takes lines of the log. */
  readonly logLines: { write(line: string): void };
  /** Sends what is left. */
  shutdown(): Promise<void>;
}
