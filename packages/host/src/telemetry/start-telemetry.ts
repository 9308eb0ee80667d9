import type { Telemetry } from '@zekt/core';
import type { TelemetrySettings } from '../settings.ts';

export interface RunningTelemetry {
  readonly telemetry: Telemetry;
  /** Takes lines of the log. */
  readonly logLines: { write(line: string): void };
  /** Sends what is left. */
  shutdown(): Promise<void>;
}

/**
 * Loads what it needs only when it is on: it is large, and a cold start would wait for it.
 *
 * @returns null when telemetry is off
 */
export async function startTelemetry(settings: TelemetrySettings): Promise<RunningTelemetry | null> {
  if (settings.kind === 'off') return null;
  const { openTelemetry } = await import('./open-telemetry.ts');
  return openTelemetry(settings);
}
