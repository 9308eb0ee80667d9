export { createClient, type Client } from './client.ts';
export { createWorld, type DevWorld } from './dev/dev-world.ts';
export { startZekt, type RunningZekt } from './serve/start-zekt.ts';
