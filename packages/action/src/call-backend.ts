import { ActionError } from './action-error.ts';
import type { HttpAnswer, Send } from './http.ts';
import { sendWithRetries, type Outcome, type Patience } from './retry.ts';

export interface Backend {
  readonly apiUrl: string;
  readonly token: string;
  readonly timeoutMs: number;
  /** The same for every try, so that the backend knows a repetition. */
  readonly idempotencyKey?: string;
  /** Told of each failure after which another try is made. */
  readonly say?: (sentence: string) => void;
  /** W3C Trace Context; anything else is left out. */
  readonly traceparent?: string | undefined;
}

/** One thing that is asked of the backend. */
export interface BackendCall {
  readonly method: 'GET' | 'POST';
  /** Below the backend's URL. */
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
  readonly repository: string;
  /** For messages: what was refused. */
  readonly noun: string;
}

const tryMs = 15_000;
const maxRedirects = 3;

/**
 * Calls the backend, again where that may help, and reads its JSON.
 *
 * @throws ActionError with the backend's own sentence, or why there was none
 */
export async function callBackend(
  call: BackendCall,
  backend: Backend,
  send: Send,
  patience: Patience,
): Promise<Record<string, unknown>> {
  const { method, body } = call;
  const deadline = patience.now() + backend.timeoutMs;
  const headers = {
    authorization: `Bearer ${backend.token}`,
    'content-type': 'application/json',
    accept: 'application/json',
    'x-github-repository': call.repository,
    ...(backend.idempotencyKey !== undefined && { 'idempotency-key': backend.idempotencyKey }),
    ...(/^00-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/.test(backend.traceparent ?? '') && {
      traceparent: backend.traceparent ?? '',
    }),
  };
  const { say } = backend;
  const limits = {
    deadline,
    tryMs,
    ...(say && { say: (sentence: string) => say(`The Zekt server at ${backend.apiUrl}: ${sentence}`) }),
  };
  let url = `${backend.apiUrl}${call.path}`;
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const request = { method, url, headers, ...(body !== undefined && { body }) };
    const outcome = await sendWithRetries(send, request, limits, patience);
    const answer = answerOf(outcome, backend, url);
    if (answer.status < 300 || answer.status >= 400) return readAnswer(answer, call.noun);
    url = redirected(url, answer);
  }
  throw new ActionError(`The Zekt server at ${backend.apiUrl} redirects in circles. Check the input 'zekt-api-url'.`);
}

function answerOf(outcome: Outcome, { apiUrl, timeoutMs }: Backend, url: string): HttpAnswer {
  if (outcome.kind === 'answered') return outcome.answer;
  const tries = `${outcome.tries} ${outcome.tries === 1 ? 'try' : 'tries'} in at most ${timeoutMs / 1000} s`;
  throw new ActionError(
    `The Zekt server at ${apiUrl} could not be reached (${tries}; ${outcome.reason}). Check 'zekt-api-url' (${url}) and the runner's network.`,
  );
}

/** Only on the same host: the token is for it alone. */
function redirected(from: string, { headers, status }: HttpAnswer): string {
  const location = headers.location;
  const target = typeof location === 'string' ? URL.parse(location, from) : null;
  if (!target)
    throw new ActionError(
      `The Zekt server answered ${status} without saying where to. Check the input 'zekt-api-url'.`,
    );
  if (target.origin !== new URL(from).origin) {
    throw new ActionError(
      `The Zekt server redirects to ${target.origin}, where the token must not go. If that is the right server, set zekt-api-url: ${target.origin}`,
    );
  }
  return target.toString();
}

function readAnswer({ status, body }: HttpAnswer, noun: string): Record<string, unknown> {
  const answer = parse(body);
  if (status < 200 || status >= 300)
    throw new ActionError(
      `The Zekt server refused the ${noun} (HTTP ${status}): ${sentenceOf(answer, body)}${adviceFor(status, answer?.code)}`,
    );
  if (!answer)
    throw new ActionError(
      `The Zekt server answered ${status} without JSON. Check that 'zekt-api-url' is a Zekt server.`,
    );
  return answer;
}

function parse(body: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(body) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The backend's sentence, or the beginning of whatever it sent, without mark-up. */
export function sentenceOf(answer: Record<string, unknown> | null, body: string): string {
  const told = ['error', 'message', 'title', 'detail']
    .map((field) => answer?.[field])
    .find((it) => typeof it === 'string' && it.trim() !== '');
  const text =
    typeof told === 'string'
      ? told
      : body
          .replace(/<[^>]*>/g, ' ')
          .replace(/\s+/g, ' ')
          .trim();
  return text === '' ? '(no reason given)' : text.slice(0, 400);
}

function adviceFor(status: number, code: unknown): string {
  if (code === 'token_expired' || code === 'token_not_yet_valid')
    return " The token was new: check the clocks of the runner's machine and of the server.";
  if (status === 401) return " Check that the input 'audience' is what the server expects.";
  if (status === 404) return ' Is the Zekt App installed on this repository, and is zekt-api-url right?';
  if (status === 429) return ' Too many messages at once: try again later.';
  if (status >= 500) return ' The server has a problem: its operator finds more in its log.';
  return '';
}
