export { compose } from './compose.ts';
export type { Composition, Parts, Ports } from './parts.ts';
export { createLog } from './create-log.ts';
export { namesOfSettings, readSettings, type Settings } from './settings.ts';
export type { RunningTelemetry } from './telemetry/running-telemetry.ts';
export { startTelemetry } from './telemetry/start-telemetry.ts';
export { tracedHandler } from './telemetry/traced-ports.ts';
export { SettingsError, type Environment } from './settings-error.ts';
export { flushEveryMs, rememberCardsMs, repeat } from './repeat.ts';
