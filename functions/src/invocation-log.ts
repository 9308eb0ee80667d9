import { AsyncLocalStorage } from 'node:async_hooks';
import type { InvocationContext } from '@azure/functions';

/** Levels as pino numbers them. */
const warnLevel = 40;
const errorLevel = 50;

type Invoked = Pick<InvocationContext, 'debug' | 'info' | 'warn' | 'error'>;
interface Invocation {
  readonly context: Invoked;
  isOver: boolean;
}

const invocations = new AsyncLocalStorage<Invocation>();

/** Does the work of an invocation: what is logged meanwhile belongs to it. */
export async function duringInvocation<T>(context: Invoked, work: () => Promise<T>): Promise<T> {
  const invocation: Invocation = { context, isOver: false };
  try {
    return await invocations.run(invocation, work);
  } finally {
    invocation.isOver = true;
  }
}

export interface Streams {
  readonly out: { write(text: string): unknown };
  readonly err: { write(text: string): unknown };
}

/**
 * Takes the log's lines to the host, each at its own level: through the invocation, and between invocations by the process's streams. Of
 * what it reads there the host takes the level from the words: standard output is information; on standard error "warn" makes a warning, and
 * otherwise "error" or "fail" an error (azure-functions-host, WorkerProcess.ParseErrorMessageAndLog).
 */
export function hostLines({ out, err }: Streams = { out: process.stdout, err: process.stderr }): {
  write(line: string): void;
} {
  return {
    write(line) {
      const { level } = JSON.parse(line) as { readonly level: number };
      const invocation = invocations.getStore();
      if (invocation && !invocation.isOver) tell(invocation.context, level, line.trimEnd());
      else if (level < warnLevel) out.write(line);
      else if (level < errorLevel) err.write(`warn ${line}`);
      // In JSON an escaped letter is the same letter.
      else err.write(`error ${line.replaceAll(/w(?=arn)/gi, (letter) => (letter === 'w' ? '\\u0077' : '\\u0057'))}`);
    },
  };
}

function tell(context: Invoked, level: number, line: string): void {
  if (level >= errorLevel) context.error(line);
  else if (level >= warnLevel) context.warn(line);
  else if (level >= 30) context.info(line);
  else context.debug(line);
}
