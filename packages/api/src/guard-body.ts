import type { BodyBudget } from './body-budget.ts';
import { hasBody } from './read-body.ts';

export interface Guarded {
  readonly request: Request;
  /** Once nothing of the body is held any more. */
  readonly release: () => void;
}

/** The same request, whose body counts against the budget while it is read. Nothing is read before somebody asks. */
export function guardBody(request: Request, budget: BodyBudget): Guarded {
  if (request.method === 'GET' || request.method === 'HEAD' || !hasBody(request))
    return { request, release: () => undefined };
  const hold = budget.open();
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!reader) {
          reader = request.body?.getReader();
          hold.begin((refusal) => controller.error(refusal));
        }
        const read = await reader?.read();
        if (!read || read.done) {
          hold.whole();
          controller.close();
          return;
        }
        hold.take(read.value.byteLength);
        controller.enqueue(read.value);
      },
    },
    { highWaterMark: 0 },
  );
  const { url, method, headers } = request;
  return { request: new Request(url, { method, headers, body, duplex: 'half' }), release: () => hold.release() };
}
