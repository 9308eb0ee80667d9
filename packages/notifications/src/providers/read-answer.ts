import { describeAnswer, type Cut, type Verdict } from '@zekt/egress';
import type { ReceivedAnswer } from './provider-type.ts';
import { judge, refused } from './request.ts';

/** What an answer says; or why it can't be relied on, so that nothing is to be written because of it. */
export type Read<T> = { readonly value: T } | { readonly verdict: Verdict };

export type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** For `readAnswer`: an object. */
export const asObject = (value: unknown): JsonObject | null => (isObject(value) ? value : null);

/** For `readAnswer`: a list of objects. */
export const asObjects = (value: unknown): readonly JsonObject[] | null =>
  Array.isArray(value) && value.every(isObject) ? value : null;

/** For `readAnswer`: an object that has a text under a name. */
export const withText =
  (name: string) =>
  (value: unknown): JsonObject | null => {
    const found = asObject(value);
    return typeof found?.[name] === 'string' ? found : null;
  };

const cutVerdicts: Readonly<Record<Cut, Verdict>> = {
  brokenOff: { kind: 'again', reason: 'Its answer broke off before its end; nothing was written.' },
  tooSlow: { kind: 'again', reason: 'Its answer did not end in time; nothing was written.' },
  tooLong: { kind: 'refused', reason: 'Its answer is longer than Zekt reads; nothing was written.' },
};

/**
 * Reads the answer to a question. Proxies and hosts say 200 with a page to sign in, and connections end early: whatever is not the JSON
 * that was asked for is a failure, never "there is nothing".
 *
 * @param take gives what the JSON says; null when it has another form
 * @param wanted what the answer should have been, as people call it
 */
export function readAnswer<T>(
  answer: ReceivedAnswer,
  take: (json: unknown) => T | null,
  wanted: string,
  judgeStatus: (answer: ReceivedAnswer) => Verdict = judge,
): Read<T> {
  const verdict = judgeStatus(answer);
  if (verdict.kind !== 'done') return { verdict };
  if (answer.cut) return { verdict: cutVerdicts[answer.cut] };
  const value = saysHtml(answer) ? null : take(parsed(answer.text));
  if (value !== null) return { value };
  const what = isWebPage(answer) ? 'a web page (to sign in?)' : 'something else';
  return { verdict: refused(`Instead of ${wanted} it sent ${what}; nothing was written. ${describeAnswer(answer)}`) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

const saysHtml = ({ headers }: ReceivedAnswer): boolean =>
  /^(?:text\/html|application\/xhtml\+xml)\b/i.test(String(headers['content-type'] ?? ''));

/** Whether an answer is a page for people. There are services that call the word `ok` HTML. */
const isWebPage = (answer: ReceivedAnswer): boolean => answer.text.trimStart().startsWith('<') || saysHtml(answer);

/** What the answer to a write means for an API that never answers with a web page: then something else has answered in its place. */
export function judgeWrite(answer: ReceivedAnswer, judgeStatus: (answer: ReceivedAnswer) => Verdict = judge): Verdict {
  const verdict = judgeStatus(answer);
  return verdict.kind === 'done' && answer.text !== '' && isWebPage(answer)
    ? refused(`Something else answered in its place, with a web page (to sign in?). ${describeAnswer(answer)}`)
    : verdict;
}
