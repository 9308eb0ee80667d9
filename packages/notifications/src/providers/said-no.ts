import { describeAnswer, type Verdict } from '@zekt/egress';
import type { ReceivedAnswer } from './provider-type.ts';
import { jsonOf, judge, refused } from './request.ts';

/** What Teams' connectors put into a 200 when the message did not arrive. */
const connectorFailure = /^Webhook message delivery failed/i;

/**
 * What the answer of a chat service means: some say 200 whatever they are asked, and put what came of it into the body. Only a clear no
 * counts: what can't be read has been taken, as the status says.
 */
export function judgeChat(answer: ReceivedAnswer, judgeStatus: (answer: ReceivedAnswer) => Verdict = judge): Verdict {
  const verdict = judgeStatus(answer);
  if (verdict.kind !== 'done') return verdict;
  const { ok, success, result } = jsonOf(answer) ?? {};
  const isNo = ok === false || success === false || result === 'error' || connectorFailure.test(answer.text);
  return isNo ? refused(`It said no. ${describeAnswer(answer)}`) : verdict;
}

/** For services whose body alone says what came of a message: without all of it, nobody knows. */
export const unknownOutcome = (service: string): Verdict =>
  refused(
    `${service} has taken the request, but its answer was cut short: look there before \`zekt notifications replay\` sends it again.`,
  );
