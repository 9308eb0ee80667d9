import { expect, test } from '@jest/globals';
import { ManualClock } from '../ports/manual-clock.ts';
import { Notices } from './notices.ts';

function make(): { clock: ManualClock; notices: Notices; logged: string[]; fields: object[] } {
  const clock = new ManualClock();
  const logged: string[] = [];
  const fields: object[] = [];
  const warn = (about: object, sentence: string): void => {
    fields.push(about);
    logged.push(sentence);
  };
  return { clock, notices: new Notices(clock, { warn }), logged, fields };
}
const notice = (sentence: string) => ({ sentence, fix: 'mend it' });

test('the first of a kind is logged at once, and no kind more than once a minute', () => {
  const { clock, notices, logged, fields } = make();
  notices.note('signature', notice('first'));
  for (let n = 0; n < 1000; n += 1) notices.note('signature', notice('rubbish'));
  notices.note('disk', notice('full'));
  expect(logged).toEqual(['first', 'full']);
  clock.advance(60_000);
  notices.note('signature', notice('later'));
  expect(logged).toEqual(['first', 'full', 'later']);
  expect(fields.at(-1)).toEqual({ kind: 'signature', fix: 'mend it', alsoSince: 1000 });
});

test('kinds that somebody could invent are bounded, and silence neither the others nor the next minute', () => {
  const { clock, notices, logged } = make();
  for (let n = 0; n < 5000; n += 1) notices.note(`provider ${n}`, notice('it failed'));
  expect(logged).toHaveLength(1000);
  notices.note('storage', notice('full'));
  expect(logged.at(-1)).toBe('full');
  clock.advance(60_000);
  notices.note('provider new', notice('it failed later'));
  expect(logged.at(-1)).toBe('it failed later');
});
