import { ForwardedError } from './forward-error.ts';
import type { HookEvent, HookRequest, HookResponse } from './generated/bodies.ts';
import { readCall, type HookCall, type HookFunctionCall } from './read-call.ts';
import { readLimited } from './read-limited.ts';
import type { ReplayStore } from './replay-store.ts';
import { verifySignature } from './signature.ts';

type Keys = readonly string[];
/** What a hook answers, whole; nothing: no change. */
type Answer = object | undefined;

export interface HookHandlerOptions {
  /** Signing keys of the targets that call here; more than one while a key is rotated. A function is asked at each call. */
  readonly keys: Keys | (() => Keys | Promise<Keys>);
  /** May answer the request as it shall be. */
  readonly onRequest?: (call: HookRequest) => Answer | Promise<Answer>;
  /** May answer the response as it shall be. */
  readonly onResponse?: (call: HookResponse) => Answer | Promise<Answer>;
  readonly onFunction?: (call: HookFunctionCall) => Answer | Promise<Answer>;
  readonly onEvent?: (event: HookEvent) => void | Promise<void>;
  /** Seconds that a call's time may be off, in either direction; default 300. */
  readonly tolerance?: number;
  /** With it nothing is handled twice. */
  readonly replayStore?: ReplayStore;
  /** Bytes of a body; default 4 MiB. */
  readonly mostBytes?: number;
  /** Told of what a hook throws that is no forwarded error; the caller hears only that it failed. */
  readonly onError?: (error: unknown) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export type HookHandler = (request: Request) => Promise<Response>;

/** How long events are remembered: the server tries one again for hours, and later by hand. */
const eventsForMs = 24 * 3_600_000;

/**
 * A handler of the calls of Zekt's targets (`payloadType: JSON`), for any server that speaks the Fetch API. Nothing of a call is looked at
 * before its signature was verified over the bytes that came.
 *
 * It answers 200 when all went well, and for a forwarded error, as the protocol wants it; 400 and 401 for what is not Zekt's, 405, 413; 409
 * and 503 for repetitions; 500 when a hook threw; 501 for a kind of call that there is no hook for.
 *
 * @throws TypeError without keys, or with an empty one, with which anybody could sign
 */
export function createHookHandler(options: HookHandlerOptions): HookHandler {
  const { keys, tolerance = 300, mostBytes = 4 * 1024 * 1024, now = Date.now, onError } = options;
  if (typeof keys !== 'function') checkKeys(keys);
  if (!(tolerance > 0)) throw new TypeError('the tolerance must be more than 0 seconds');
  const toleranceMs = tolerance * 1000;

  async function handle(request: Request): Promise<Response> {
    if (request.method !== 'POST') return said(405, 'Hooks are called by POST.', { allow: 'POST' });
    const bytes = await readLimited(request, mostBytes);
    if (!bytes) return said(413, 'The body is too large.');
    const current = typeof keys === 'function' ? checkKeys(await keys()) : keys;
    const header = request.headers.get('zekt-signature');
    const verified = verifySignature(header, bytes, current, { nowMs: now(), toleranceMs });
    if (!verified.ok) return said(verified.status, `Refused: ${verified.problem}.`);
    const call = readCall(bytes);
    if (!call) return said(400, "This is no call of a target with 'payloadType: JSON'.");
    if (call.kind === 'test') return said(200, '');
    const run = hookFor(call, options);
    if (!run) return said(501, `There is no hook for calls of the kind '${call.kind}'.`);
    const answer = (): Promise<Response> => answerOf(call.kind, run);
    if (!options.replayStore) return answer();
    // The header Zekt-Delivery is not signed. An event's body has the id; of other calls, no two are signed alike.
    const isEvent = call.kind === 'event';
    const key = isEvent ? `event ${call.body.deliveryId}` : verified.digest;
    return once(options.replayStore, key, isEvent ? eventsForMs : 2 * toleranceMs, isEvent, answer);
  }

  return async (request) => {
    try {
      return await handle(request);
    } catch (error) {
      onError?.(error);
      return said(500, 'The hook failed.');
    }
  };
}

function checkKeys(keys: Keys): Keys {
  if (keys.length === 0 || keys.some((key) => key === '')) throw new TypeError('a hook needs its signing key');
  return keys;
}

function hookFor(
  call: Exclude<HookCall, { kind: 'test' }>,
  { onRequest, onResponse, onFunction, onEvent }: HookHandlerOptions,
): (() => Answer | Promise<Answer>) | null {
  if (call.kind === 'request') return onRequest ? () => onRequest(call.body) : null;
  if (call.kind === 'response') return onResponse ? () => onResponse(call.body) : null;
  if (call.kind === 'function') return onFunction ? () => onFunction(call.body) : null;
  return onEvent
    ? async () => {
        await onEvent(call.body);
        return undefined;
      }
    : null;
}

/** A forwarded error is a success that says so; of an event nobody reads the body, and a 4xx is never sent again. */
async function answerOf(kind: HookCall['kind'], run: () => Answer | Promise<Answer>): Promise<Response> {
  try {
    const answer = await run();
    return answer ? Response.json(answer) : said(200, '');
  } catch (error) {
    if (!(error instanceof ForwardedError)) throw error;
    const { status, message } = error;
    if (kind === 'event') return said(status, message);
    return Response.json({ forwardedStatusCode: status, forwardedErrorMessage: message });
  }
}

/** Events are sent again until they are answered well, so one that is done is answered so; another call that comes again is a replay. */
async function once(
  store: ReplayStore,
  key: string,
  forMs: number,
  isEvent: boolean,
  answer: () => Promise<Response>,
): Promise<Response> {
  const claim = await store.claim(key, forMs);
  if (claim !== 'new') {
    if (!isEvent) return said(409, 'This call was made before.');
    return claim === 'done' ? said(200, '') : said(503, 'This event is being handled.', { 'retry-after': '5' });
  }
  let isDone = false;
  try {
    const response = await answer();
    isDone = response.ok;
    return response;
  } finally {
    await (isDone ? store.finish(key) : store.release(key));
  }
}

const said = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(text, { status, headers: { ...(text && { 'content-type': 'text/plain; charset=utf-8' }), ...headers } });
