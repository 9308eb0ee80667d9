export { compose, type Composition, type Parts, type Ports } from './compose.ts';
export { createLog } from './create-log.ts';
export { namesOfSettings, parseDuration, readSettings, type Settings } from './settings.ts';
export { startTelemetry, type RunningTelemetry } from './telemetry/start-telemetry.ts';
export { tracedHandler } from './telemetry/traced-ports.ts';
export { SettingsError, type Environment } from './settings-error.ts';
export { flushEveryMs, rememberCardsMs, repeat } from './repeat.ts';
