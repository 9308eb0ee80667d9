import pretty from 'pino-pretty';
import type { Log } from '@zekt/core';
import { createLog } from '@zekt/host';

/** JSON lines on standard error; on a terminal, lines for people. */
export function createTerminalLog(level: string): Log {
  if (!process.stderr.isTTY) return createLog(level);
  return createLog(level, pretty({ destination: 2, sync: true, ignore: 'pid,hostname' }));
}
