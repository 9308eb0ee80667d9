import { ActionError } from './action-error.ts';
import type { HttpAnswer, Send } from './http.ts';
import { sendWithRetries, type Outcome, type Patience } from './retry.ts';
import type { StepReference } from './step-reference.ts';

export interface Message {
  readonly eventType: string;
  readonly repository: string;
  readonly runId: string;
  readonly actor: string;
  readonly sha: string;
  readonly ref: string;
  readonly workflow: string;
  /** JSON text. */
  readonly payload: string;
  readonly stepReference: StepReference | null;
}

export interface Backend {
  readonly apiUrl: string;
  readonly token: string;
  readonly timeoutMs: number;
  /** The same for every try, so that the backend knows a repetition. */
  readonly idempotencyKey: string;
  /** W3C Trace Context; anything else is left out. */
  readonly traceparent?: string | undefined;
}

export interface Receipt {
  readonly eventId: string;
  readonly consumersNotified: string;
  readonly message: string;
}

const tryMs = 15_000;
const maxRedirects = 3;

/** The request body of the wire. The payload goes in as the text it is: parsing and printing it anew would round long numbers. */
export function bodyOf(message: Message, timestamp: string): string {
  const fields = {
    eventType: message.eventType,
    repository: message.repository,
    workflowRunId: message.runId,
    triggeredBy: message.actor,
    commitSha: message.sha,
    ref: message.ref,
    workflow: message.workflow,
    timestamp,
    ...(message.stepReference && { orchestration_step_ref: message.stepReference }),
  };
  return `${JSON.stringify(fields).slice(0, -1)},"payload":${message.payload}}`;
}

/**
 * Sends a message to the backend.
 *
 * @throws ActionError with the backend's own sentence, or why there was none
 */
export async function sendMessage(
  message: Message,
  backend: Backend,
  send: Send,
  patience: Patience,
): Promise<Receipt> {
  const deadline = patience.now() + backend.timeoutMs;
  const body = bodyOf(message, new Date(patience.now()).toISOString());
  const headers = {
    authorization: `Bearer ${backend.token}`,
    'content-type': 'application/json',
    accept: 'application/json',
    'x-github-repository': message.repository,
    'idempotency-key': backend.idempotencyKey,
    ...(/^00-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/.test(backend.traceparent ?? '') && {
      traceparent: backend.traceparent ?? '',
    }),
  };
  let url = `${backend.apiUrl}/api/events/receive`;
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const outcome = await sendWithRetries(send, { method: 'POST', url, headers, body }, { deadline, tryMs }, patience);
    const answer = answerOf(outcome, backend, url);
    if (answer.status < 300 || answer.status >= 400) return readReceipt(answer);
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

function readReceipt({ status, body }: HttpAnswer): Receipt {
  const answer = parse(body);
  if (status < 200 || status >= 300)
    throw new ActionError(
      `The Zekt server refused the message (HTTP ${status}): ${sentenceOf(answer, body)}${adviceFor(status)}`,
    );
  if (!answer)
    throw new ActionError(
      `The Zekt server answered ${status} without JSON. Check that 'zekt-api-url' is a Zekt server.`,
    );
  const { success, eventId, consumersNotified, message } = answer;
  if (success !== true)
    throw new ActionError(`The Zekt server took the request but reports no success: ${sentenceOf(answer, body)}`);
  return {
    eventId: typeof eventId === 'string' ? eventId : '',
    consumersNotified:
      typeof consumersNotified === 'number' || typeof consumersNotified === 'string' ? String(consumersNotified) : '0',
    message: typeof message === 'string' ? message : '',
  };
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
function sentenceOf(answer: Record<string, unknown> | null, body: string): string {
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

function adviceFor(status: number): string {
  if (status === 401) return " Check that the input 'audience' is what the server expects.";
  if (status === 404) return ' Is the Zekt App installed on this repository, and is zekt-api-url right?';
  if (status === 429) return ' Too many messages at once: try again later.';
  if (status >= 500) return ' The server has a problem: its operator finds more in its log.';
  return '';
}
