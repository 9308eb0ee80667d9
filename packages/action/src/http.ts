import { HttpClient } from '@actions/http-client';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** One request, one answer. Rejects when there is none within `timeoutMs`. */
export type Send = (request: HttpRequest, timeoutMs: number) => Promise<HttpAnswer>;

/** Longer answers are cut: nothing that this action reads is so long. */
const maxAnswerBytes = 1_048_576;

/** The toolkit's client honours the runner's proxy settings. It follows no redirect here: a token must not travel. */
export const sendOverHttp =
  (userAgent: string): Send =>
  async ({ method, url, headers, body }, timeoutMs) => {
    const client = new HttpClient(userAgent, [], {
      allowRedirects: false,
      allowRetries: false,
      socketTimeout: timeoutMs,
    });
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
    });
    const exchange = async (): Promise<HttpAnswer> => {
      const { message } = await client.request(method, url, body ?? null, { ...headers });
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of message as AsyncIterable<Buffer>) {
        chunks.push(chunk);
        size += chunk.length;
        if (size > maxAnswerBytes) break;
      }
      return {
        status: message.statusCode ?? 0,
        headers: message.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
    };
    try {
      return await Promise.race([exchange(), limit]);
    } finally {
      clearTimeout(timer);
      client.dispose();
    }
  };
