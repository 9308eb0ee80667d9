import pretty from 'pino-pretty';
import { mapStrings, printableLines, type Log } from '@zekt/core';
import { createLog } from '@zekt/host';

/** JSON lines on standard error; on a terminal, lines for people. */
export function createTerminalLog(level: string, also?: { write(line: string): void }): Log {
  const terminal = process.stderr.isTTY
    ? forTerminal(pretty({ destination: 2, sync: true, ignore: 'pid,hostname' }))
    : undefined;
  return createLog(level, terminal, also);
}

/** The escapes of JSON are undone by what makes lines for people, so controls are escaped before it. */
export const forTerminal = (people: { write(line: string): unknown }): { write(line: string): void } => ({
  write: (line) => void people.write(`${JSON.stringify(mapStrings(JSON.parse(line), printableLines))}\n`),
});
