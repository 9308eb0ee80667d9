import type { Verdict } from '@zekt/egress';
import type { ReceivedAnswer, WireRequest } from './provider-type.ts';
import { readAnswer, withText } from './read-answer.ts';
import { judge } from './request.ts';

/** Asks who the token belongs to: the name that is under a key; or why that is not known. */
export function* whoAmI(
  request: WireRequest,
  key: string,
  judgeStatus: (answer: ReceivedAnswer) => Verdict = judge,
): Generator<WireRequest, string | Verdict, ReceivedAnswer> {
  const read = readAnswer(yield request, withText(key), `the ${key} that the token belongs to`, judgeStatus);
  return 'verdict' in read ? read.verdict : String(read.value[key]);
}
