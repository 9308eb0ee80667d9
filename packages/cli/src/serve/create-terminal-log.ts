import pretty from 'pino-pretty';
import type { Log } from '@zekt/core';
import { createLog } from '@zekt/host';

/** JSON lines on standard error; on a terminal, lines for people. */
export function createTerminalLog(level: string, also?: { write(line: string): void }): Log {
  const terminal = process.stderr.isTTY ? pretty({ destination: 2, sync: true, ignore: 'pid,hostname' }) : undefined;
  return createLog(level, terminal, also);
}
