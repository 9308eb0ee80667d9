import { expect, test } from '@jest/globals';
import { createLog } from '@zekt/host';
import { duringInvocation, hostLines } from './invocation-log.ts';

/** What the host makes of a line on standard error: azure-functions-host, WorkerProcess.ParseErrorMessageAndLog. */
const levelByWords = (line: string): string =>
  /warn/i.test(line) ? 'warn' : /error|fail|severe/i.test(line) ? 'error' : 'info';

const levels = ['debug', 'info', 'warn', 'error'] as const;
/** Words by which the host would take each for something else. */
const sentences = {
  debug: 'no error',
  info: 'nothing failed',
  warn: 'a severe error',
  error: 'WARN: a warning failed',
};

function logged() {
  const lines: [level: string, line: string][] = [];
  const log = createLog(
    'debug',
    hostLines({
      out: { write: (line: string) => lines.push(['info', line]) },
      err: { write: (line: string) => lines.push([levelByWords(line), line]) },
    }),
  );
  const note =
    (level: string) =>
    (...args: unknown[]) =>
      void lines.push([level, String(args[0])]);
  const context = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };
  const logAll = (): void => levels.forEach((level) => log[level]({}, sentences[level]));
  return { lines, context, logAll };
}

test('in an invocation each line is logged by it at its own level, whatever its words are', async () => {
  const { lines, context, logAll } = logged();
  await duringInvocation(context, async () => logAll());
  expect(lines.map(([level]) => level)).toEqual(['debug', 'info', 'warn', 'error']);
  for (const [, line] of lines) expect(JSON.parse(line)).toHaveProperty('msg');
});

test('between invocations the host still takes warnings and errors for what they are, and nothing else for one', async () => {
  const { lines, context, logAll } = logged();
  let later = Promise.resolve();
  // What an invocation leaves behind, such as a timer, is not of that invocation any more when it is over.
  await duringInvocation(context, async () => {
    later = new Promise<void>((resolve) => setImmediate(resolve)).then(logAll);
  });
  await later;
  expect(lines.map(([level]) => level)).toEqual(['info', 'info', 'warn', 'error']);
  const [, said = ''] = lines[3] ?? [];
  expect(JSON.parse(said.replace(/^error /, ''))).toMatchObject({ msg: sentences.error });
});
