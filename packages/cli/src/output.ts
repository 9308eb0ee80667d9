import { styleText } from 'node:util';
import { printableLines } from '@zekt/core';

type Style = Parameters<typeof styleText>[0];

/** Colours only where a terminal shows them (and NO_COLOR is not set). */
export const paint = (style: Style, text: string): string => styleText(style, text, { stream: process.stdout });

export const print = (text = ''): void => {
  process.stdout.write(`${text}\n`);
};

const colourOf: Readonly<Record<string, Style>> = {
  approved: 'green',
  dispatched: 'green',
  confirmed: 'green',
  completed: 'green',
  success: 'green',
  healthy: 'green',
  sent: 'green',
  ready: 'green',
  pending: 'yellow',
  collecting: 'yellow',
  open: 'red',
  'not ready': 'red',
  held: 'yellow',
  waiting: 'yellow',
  warning: 'yellow',
  running: 'yellow',
  rejected: 'red',
  revoked: 'red',
  failed: 'red',
  deadlettered: 'red',
  blocked: 'red',
  expired: 'red',
  cancelled: 'red',
  critical: 'red',
};

const painted = (cell: string): string => (colourOf[cell] ? paint(colourOf[cell], cell) : cell);

/** Columns for people. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headers.map((header, column) =>
    Math.max(header.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[], show: (cell: string) => string): string =>
    cells
      .map((cell, column) => show(cell) + ' '.repeat(Math.max(0, (widths[column] ?? 0) - cell.length)))
      .join('  ')
      .trimEnd();
  return [line(headers, (cell) => paint('bold', cell)), ...rows.map((row) => line(row, painted))].join('\n');
}

export interface OutputOptions {
  readonly json?: boolean | undefined;
}

/** JSON that no terminal obeys, and no runner of a job, which looks for `##[` anywhere: it stands in strings only. */
export const jsonText = (value: unknown, indent = 0): string =>
  printableLines(JSON.stringify(value, null, indent)).replaceAll('##[', String.raw`##\u005b`);

/** What a command found: JSON for programs, a table or a sentence for people. */
export function show(value: unknown, { json }: OutputOptions, forPeople: () => string): void {
  print(json ? jsonText(value, 2) : forPeople());
}

/** For commands that list. */
export const limitOption = { type: 'number', default: 20, describe: 'How many at most' } as const;

/** To the second, in UTC. */
export const shortTime = (iso: string | null | undefined): string => (iso ? iso.replace('T', ' ').slice(0, 19) : '');
