// HOOK_KEYS="whsec_…" node node-server.ts
import { createServer } from 'node:http';
import { toNodeListener } from '@zekt/hook-sdk';
import { orderHooks } from './order-hooks.ts';

const { HOOK_KEYS = '', PORT = '8788' } = process.env;

/** Keys of all targets that call here, by commas; two of one target while it is rotated. */
const keys = HOOK_KEYS.split(',').filter((key) => key !== '');

export const server = createServer(toNodeListener(orderHooks(keys))).listen(Number(PORT));
