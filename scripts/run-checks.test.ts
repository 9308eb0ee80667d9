import { expect, test } from '@jest/globals';
import { runChecks, skipped, type Outcome } from './run-checks.ts';
import { writersInOrder } from './writers-in-order.ts';

const says = (text: string, code = 0) => ({
  title: text,
  args: ['-e', `console.log('says ${text}'); process.exitCode = ${code}`],
});

async function shown(lanes: Parameters<typeof runChecks>[0]): Promise<Outcome & { text: string }> {
  let text = '';
  const outcome = await runChecks(lanes, (more) => (text += more));
  return { ...outcome, text: text.replace(/\d+\.\d s/g, '… s') };
}

test('each check is shown whole under its title, lane by lane', async () => {
  const { failed, text } = await shown([[says('one'), says('two')], [says('three')]]);
  expect(failed).toEqual([]);
  expect(text).toBe(['one', 'two', 'three'].map((it) => `\n── ${it}\nsays ${it}\n── ${it}: ok (… s)\n`).join(''));
});

test('a lane ends with its first failure, and the others go on', async () => {
  const { failed, text } = await shown([
    [says('bad', 3), says('unreached')],
    [says('good'), says('worse', 1)],
  ]);
  expect(failed).toEqual(['bad', 'worse']);
  expect(text).toContain('── bad: FAILED');
  expect(text).not.toContain('unreached');
  expect(text).toContain('says good');
});

test('a check that this machine can not make is skipped, and its lane goes on', async () => {
  const outcome = await shown([[says('absent', skipped), says('next')]]);
  expect(outcome).toMatchObject({ failed: [], skipped: ['absent'] });
  expect(outcome.text).toContain('── absent: SKIPPED');
  expect(outcome.text).toContain('says next');
});

test('what is written on standard error belongs to its check, and a check that a signal ends has failed', async () => {
  const killed = { title: 'killed', args: ['-e', "console.error('aside'); process.kill(process.pid, 'SIGKILL')"] };
  const { failed, text } = await shown([[killed]]);
  expect(failed).toEqual(['killed']);
  expect(text).toContain('aside');
});

test('the first writer is heard at once, the next when it has ended', () => {
  let text = '';
  const [first, second] = writersInOrder(2, (more) => (text += more));
  second?.write('b1 ');
  first?.write('a1 ');
  expect(text).toBe('a1 ');
  second?.write('b2 ');
  first?.end();
  expect(text).toBe('a1 b1 b2 ');
  second?.write('b3');
  second?.end();
  expect(text).toBe('a1 b1 b2 b3');
});
