import type { TelemetrySettings } from '../settings.ts';
import type { RunningTelemetry } from './running-telemetry.ts';

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
