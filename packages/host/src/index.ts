export { compose, type Composition, type Parts, type Ports } from './compose.ts';
export { createLog } from './create-log.ts';
export { parseDuration, readSettings, type Settings } from './settings.ts';
export { SettingsError, type Environment } from './settings-error.ts';
