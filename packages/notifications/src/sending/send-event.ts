import type { WireExchange } from '@zekt/contracts';
import type { Clock } from '@zekt/core';
import { ForbiddenAddressError, type AddressGuard, type Answer, type Transport, type Verdict } from '@zekt/egress';
import type { NotificationEvent } from '../event/notification-event.ts';
import { startExchange, type WireRequest } from '../providers/provider-type.ts';
import { basic } from '../providers/request.ts';
import { Mask, stars } from './mask.ts';
import type { ResolvedProvider } from './resolve-config.ts';

/** What notification-controller's client says it is; there are receivers that look at it. */
const userAgent = ['User-Agent', 'Go-http-client/1.1'] as const;

/** The most requests of one exchange: the pages of a list, and what goes before and after. */
const maxRequests = 20;
/** The longest that one exchange goes on: it holds a place that others wait for. */
const longestExchangeMs = 120_000;
const shownAnswer = 4096;
const shownReason = 1000;

export interface SendTools {
  readonly transport: Transport;
  readonly guard: AddressGuard;
  readonly clock: Pick<Clock, 'now'>;
}

export interface Sent {
  /** Its reason holds no secret. */
  readonly verdict: Verdict;
  /** Status of the last answer; null when nothing answered. */
  readonly status: number | null;
  /** What went over the wire, masked. */
  readonly exchanges: readonly WireExchange[];
}

/** Sends one event to one destination: all requests that it takes. Never throws. */
export async function sendEvent(tools: SendTools, resolved: ResolvedProvider, event: NotificationEvent): Promise<Sent> {
  return run(resolved, event, tools.clock, async (request) => {
    const { via } = request;
    return via ? via(tools.guard, resolved.route) : tools.transport(asSent(request), resolved.route);
  });
}

/** The requests that would be sent if the destination had nothing yet and agreed to everything. */
export async function rehearseEvent(
  clock: Pick<Clock, 'now'>,
  resolved: ResolvedProvider,
  event: NotificationEvent,
): Promise<Sent> {
  const { verdict, exchanges } = await run(resolved, event, clock, async ({ assumed }) => ({
    status: 200,
    headers: {},
    text: '',
    ...assumed,
  }));
  return { verdict, status: null, exchanges: exchanges.map((it) => ({ ...it, status: null, answer: null })) };
}

async function run(
  { type, config, route }: ResolvedProvider,
  event: NotificationEvent,
  clock: Pick<Clock, 'now'>,
  answerTo: (request: WireRequest) => Promise<Answer>,
): Promise<Sent> {
  const mask = new Mask(config, route.proxy, route.tls);
  const exchanges: WireExchange[] = [];
  let status: number | null = null;
  try {
    const startedAt = clock.now();
    const exchange = startExchange(type, event, config, startedAt);
    let step = exchange.next();
    while (step.done !== true) {
      if (exchanges.length >= maxRequests) throw new Error(`more than ${maxRequests} requests for one event`);
      if (clock.now() - startedAt > longestExchangeMs)
        throw new Error(`all requests for one event took longer than ${longestExchangeMs / 1000} s`);
      const request = step.value;
      const shown = shownRequest(asSent(request), mask);
      exchanges.push(shown);
      status = null;
      const answer = await answerTo(request);
      // Before anything is cut: half a secret would not be found any more.
      const told = request.isSecret === true ? stars : mask.text(answer.text);
      ({ status } = answer);
      exchanges[exchanges.length - 1] = {
        ...shown,
        status,
        answer: told.slice(0, shownAnswer).toWellFormed(),
      };
      step = exchange.next({ ...answer, shown: told, at: clock.now() });
    }
    return { verdict: maskedVerdict(step.value, mask), status, exchanges };
  } catch (error) {
    const reason = mask.text(error instanceof Error ? error.message : 'unknown failure');
    const kind = error instanceof ForbiddenAddressError ? 'refused' : 'again';
    return { verdict: { kind, reason }, status, exchanges };
  }
}

const maskedVerdict = (verdict: Verdict, mask: Mask): Verdict =>
  verdict.kind === 'done'
    ? verdict
    : { ...verdict, reason: mask.text(verdict.reason).slice(0, shownReason).toWellFormed() };

/** With what every request has; user and password of a URL become a header. */
function asSent(request: WireRequest): WireRequest {
  if (request.via) return request;
  const url = URL.parse(request.url);
  const names = new Set(request.headers.map(([name]) => name.toLowerCase()));
  const headers = [...request.headers];
  if (url && url.username !== '' && !names.has('authorization'))
    headers.push(basic(decodeURIComponent(url.username), decodeURIComponent(url.password)));
  if (!names.has('user-agent')) headers.push(userAgent);
  if (url && url.username !== '') {
    url.username = '';
    url.password = '';
    return { ...request, url: url.href, headers };
  }
  return { ...request, headers };
}

const shownRequest = ({ method, url, headers, body, isSecret }: WireRequest, mask: Mask): WireExchange => ({
  method,
  url: mask.url(url),
  headers: headers.map(([name, value]) => [name, mask.header(name, value)]),
  body: isSecret === true ? stars : body === null ? null : mask.text(String(body)),
  status: null,
  answer: null,
});
