import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { orderHooks } from './order-hooks.ts';

const { HOOK_KEYS = '' } = process.env;
const handler = orderHooks(HOOK_KEYS.split(',').filter((key) => key !== ''));

/** The runtime's requests and answers are nearly those of the Fetch API: their bodies are passed on as they come. */
export async function hooks({ method, url, headers, body }: HttpRequest): Promise<HttpResponseInit> {
  const given = body as ReadableStream<Uint8Array> | null;
  const answer = await handler(new Request(url, { method, headers: [...headers], body: given, duplex: 'half' }));
  return { status: answer.status, headers: [...answer.headers], body: await answer.text() };
}

// The signature says who calls.
app.http('hooks', { methods: ['POST'], authLevel: 'anonymous', handler: hooks });
