import { encodeSpan } from './encode-span.ts';
import { headerValue } from './generic-request.ts';
import { mostSpanChars, spanOf } from './otel-span.ts';
import { webhookNeeds, type ProviderConfig, type ProviderType, type WireRequest } from './provider-type.ts';
import { judgeWrite } from './read-answer.ts';
import { basic, bearer, done, nothing, once } from './request.ts';

/** Where a collector listens unless the address says otherwise ("OTLP/HTTP Request", OpenTelemetry specification). */
const defaultPath = '/v1/traces';

/** A span of each event, by OTLP over HTTP in protobuf. With both a user name and a token, the user name wins. */
export const otel: ProviderType = {
  type: 'otel',
  needs: { ...webhookNeeds, username: 'optional', password: 'optional', token: 'optional', headers: 'optional' },
  gate: 'messages',
  mostMetadata: 64_000,
  limits: [{ of: 'message', most: mostSpanChars, unit: 'characters' }],
  taken: 'noPage',
  exchange(event, config, nowMs) {
    // Repositories of charts tell of no deployment.
    if (event.involvedObject.kind === 'HelmRepository') return nothing(done);
    const span = spanOf(event, config, nowMs);
    const request: WireRequest = {
      method: 'POST',
      url: tracesUrl(config.address),
      headers: headersOf(config),
      body: JSON.stringify({ ...span, attributes: Object.fromEntries(span.attributes) }),
      encode: () => encodeSpan(span),
    };
    return once(request, judgeWrite);
  },
};

function tracesUrl(address: string): string {
  const url = new URL(address);
  if (url.pathname === '/') url.pathname = defaultPath;
  return url.href;
}

function headersOf({ headers, username, password, token }: ProviderConfig): (readonly [string, string])[] {
  const access = username !== '' && password !== '' ? [basic(username, password)] : bearer(token);
  const own = [['Content-Type', 'application/x-protobuf'] as const, ...access];
  const taken = new Set(own.map(([name]) => name.toLowerCase()));
  const others = Object.entries(headers).filter(([name]) => !taken.has(name.toLowerCase()));
  return [...own, ...others.map(([name, value]) => [name, headerValue(value)] as const)];
}
