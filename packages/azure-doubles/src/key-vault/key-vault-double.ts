import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Key Vault's secrets on loopback: get, set, list, delete, and the challenge that comes before every token. */
export class KeyVaultDouble {
  readonly url: string;
  readonly secrets = new Map<string, string>();
  /** Whether callers may also write: the role Key Vault Secrets Officer. */
  isWritable = true;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(port = 0): Promise<KeyVaultDouble> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const vault = new KeyVaultDouble(server);
    server.on('request', (request, response) => void vault.#answer(request, response));
    return vault;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const send = (status: number, body: object, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    };
    const refuse = (status: number, code: string, headers: Record<string, string> = {}): void =>
      send(status, { error: { code, message: `${code} (simulated)` } }, headers);
    if (!request.headers.authorization?.startsWith('Bearer ')) {
      const challenge = `Bearer authorization="https://login.microsoftonline.com/${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}", resource="https://vault.azure.net"`;
      refuse(401, 'Unauthorized', { 'www-authenticate': challenge });
      return;
    }
    const isDeleted = request.url?.startsWith('/deletedsecrets/') ?? false;
    const name = /^\/(?:deleted)?secrets\/?([^/?]*)/.exec(request.url ?? '')?.[1] ?? '';
    const bundle = (value: string | undefined): object => ({
      ...(value !== undefined && { value }),
      id: `${this.url}/secrets/${name}/${'a'.repeat(32)}`,
      attributes: { enabled: true, created: 0, updated: 0, recoveryLevel: 'Recoverable+Purgeable' },
    });
    if (isDeleted) {
      send(200, bundle(undefined));
    } else if (name === '') {
      send(200, {
        value: [...this.secrets.keys()].map((it) => ({ id: `${this.url}/secrets/${it}`, attributes: {} })),
        nextLink: null,
      });
    } else if (request.method === 'GET') {
      const value = this.secrets.get(name);
      if (value === undefined) refuse(404, 'SecretNotFound');
      else send(200, bundle(value));
    } else if (!this.isWritable) {
      refuse(403, 'Forbidden');
    } else if (request.method === 'PUT') {
      const { value } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { value: string };
      this.secrets.set(name, value);
      send(200, bundle(value));
    } else if (this.secrets.delete(name)) {
      send(200, { ...bundle(undefined), recoveryId: `${this.url}/deletedsecrets/${name}` });
    } else {
      refuse(404, 'SecretNotFound');
    }
  }
}
