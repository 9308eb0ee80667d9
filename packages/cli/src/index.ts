export { createClient, type Client } from './client.ts';
export { createWorld, type DevWorld } from './dev/dev-world.ts';
export { createLog } from './serve/create-log.ts';
export { startZekt, type Ports, type RunningZekt } from './serve/start-zekt.ts';
export { readSettings, type Settings } from './settings.ts';
