import { setTimeout } from 'node:timers/promises';
import { paint, print } from '../output.ts';

const waitLimitMs = 15_000;

let chapters = 0;
export function chapter(title: string): void {
  chapters += 1;
  print(`\n${paint(['bold', 'magenta'], `${chapters}. ${title}`)}`);
}

export const line = (text: string): void => print(`   ${text}`);
export const quote = (text: string): void =>
  text
    .trimEnd()
    .split('\n')
    .forEach((it) => print(`   ${paint('dim', '│')} ${it}`));

/** Keeps no process alive that is about to end. */
export const pause = (ms: number): Promise<void> => setTimeout(ms, undefined, { ref: false });

/** Waits for what the story needs to go on. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + waitLimitMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${waitLimitMs / 1000} s`);
    await pause(10);
  }
}
