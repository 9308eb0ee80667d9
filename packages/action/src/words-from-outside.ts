import { randomBytes } from 'node:crypto';
import { escapeCommands } from './escape-commands.ts';

/** As the runner and JavaScript end lines, and terminals: see `escapeCommands`, which leaves none in a line. */
const lineBreak = /\r\n|[\r\n\u0085\u2028\u2029]/;

/** Nobody who writes the words can know it, so nobody can end the block that it guards. */
const randomToken = (): string => randomBytes(16).toString('hex');

/**
 * Words from outside for a job's log. One line is escaped; several are so too, line by line, and stand in a block in which the runner takes
 * no command (GitHub Docs, "Workflow commands for GitHub Actions", "Stopping and starting workflow commands").
 *
 * @param newToken ends the block; another one for each
 */
export function wordsFromOutside(text: string, newToken = randomToken): string {
  const lines = text.split(lineBreak).map(escapeCommands);
  if (lines.length === 1) return lines.join('');
  const token = newToken();
  return [`::stop-commands::${token}`, ...lines, `::${token}::`].join('\n');
}
