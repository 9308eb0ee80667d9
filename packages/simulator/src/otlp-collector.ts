import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A collector of OpenTelemetry on loopback, which takes OTLP over HTTP in JSON and keeps it. */
export class OtlpCollector {
  /** All that was sent: path, such as `/v1/traces`, and body. */
  readonly received: { readonly path: string; readonly text: string }[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      request.on('end', () => {
        this.received.push({ path: request.url ?? '', text });
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
  }

  static async start(): Promise<OtlpCollector> {
    const collector = new OtlpCollector();
    await new Promise<void>((resolve) => collector.#server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The bodies of a path, in the order in which they came. */
  texts(path: string): string[] {
    return this.received.filter((it) => it.path === path).map(({ text }) => text);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
