import type { HttpAnswer, HttpRequest, Send } from './http.ts';

/** What retrying needs from the outside, so that tests don't wait. */
export interface Patience {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
}

export const systemPatience: Patience = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
};

export interface RetryLimits {
  /** When to give up altogether (ms since the epoch). */
  readonly deadline: number;
  /** For one try. */
  readonly tryMs: number;
  /** Told before each wait for another try. */
  readonly say?: (sentence: string) => void;
}

export type Outcome =
  | { readonly kind: 'answered'; readonly answer: HttpAnswer; readonly tries: number }
  /** No answer came; `reason` is the last failure. */
  | { readonly kind: 'unreachable'; readonly reason: string; readonly tries: number };

const firstWaitMs = 500;
const longestWaitMs = 10_000;
const maxTries = 8;

const isPassing = ({ status }: HttpAnswer): boolean => status === 429 || status >= 500;

/**
 * Sends until there is an answer that another try would not change: never again after 2xx, 3xx or 4xx but 429. Waits double from half
 * a second, with jitter so that a matrix of jobs does not come back all at once; `Retry-After` is kept to. Stops when the time is up,
 * with the last answer if there was one.
 */
export async function sendWithRetries(
  send: Send,
  request: HttpRequest,
  limits: RetryLimits,
  patience: Patience,
): Promise<Outcome> {
  let last: Outcome = { kind: 'unreachable', reason: 'the time was up before the first try', tries: 0 };
  for (let tries = 1; tries <= maxTries; tries += 1) {
    const left = limits.deadline - patience.now();
    if (left <= 0) return last;
    last = await tryOnce(send, request, Math.min(limits.tryMs, left), tries);
    if (last.kind === 'answered' && !isPassing(last.answer)) return last;
    const waitMs = waitAfter(last, tries, patience);
    if (patience.now() + waitMs >= limits.deadline) return last;
    if (tries === maxTries) break;
    limits.say?.(
      `${what(last)}; trying again in ${(waitMs / 1000).toFixed(1)} s (try ${tries + 1} of at most ${maxTries}).`,
    );
    await patience.sleep(waitMs);
  }
  return last;
}

const what = (outcome: Outcome): string =>
  outcome.kind === 'answered' ? `It answered ${outcome.answer.status}` : `There was no answer (${outcome.reason})`;

async function tryOnce(send: Send, request: HttpRequest, timeoutMs: number, tries: number): Promise<Outcome> {
  try {
    return { kind: 'answered', answer: await send(request, timeoutMs), tries };
  } catch (error) {
    return {
      kind: 'unreachable',
      reason: error instanceof Error ? error.message || error.name : 'unknown failure',
      tries,
    };
  }
}

function waitAfter(outcome: Outcome, tries: number, { random, now }: Patience): number {
  const backoffMs = Math.min(firstWaitMs * 2 ** (tries - 1), longestWaitMs) * (0.5 + random());
  if (outcome.kind === 'unreachable') return backoffMs;
  const header = outcome.answer.headers['retry-after'];
  if (typeof header !== 'string') return backoffMs;
  const askedMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now();
  return Number.isFinite(askedMs) ? Math.max(askedMs, backoffMs) : backoffMs;
}
