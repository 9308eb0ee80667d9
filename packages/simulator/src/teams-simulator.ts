import { Hono } from 'hono';
import { serveOnLoopback, type LoopbackServer } from './loopback-server.ts';

type Json = Readonly<Record<string, unknown>>;

/** A card that somebody posted to one of the webhooks. */
export interface PostedCard {
  readonly webhook: 'workflows' | 'connector';
  /** The card itself, out of its envelope. */
  readonly card: Json;
  readonly bytes: number;
  readonly at: number;
}

/** What the next post is answered instead of being taken. */
export interface PostFault {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Click {
  /** The button's name; one inside an ActionCard or ShowCard is found, too. */
  readonly button: string;
  /** Microsoft's token for who clicked; null: none is sent. */
  readonly token: string | null;
  readonly inputs?: Readonly<Record<string, string>>;
  /** @default a new one for each click */
  readonly requestId?: string;
  readonly method?: string;
}

export interface ClickAnswer {
  readonly status: number;
  /** `CARD-ACTION-STATUS` */
  readonly text: string | null;
  /** The card that replaces the one clicked; null: it stays. */
  readonly card: Json | null;
  readonly headers: Headers;
}

/** A Workflows flow drops what is larger, after it has said 202. */
const largestCardBytes = 28 * 1024;

/** Microsoft Teams on loopback: its webhooks take cards, and its servers post when somebody clicks one. */
export class TeamsSimulator {
  readonly cards: PostedCard[] = [];
  /** Posts that were taken with 202 and then lost, as a flow does with what is too large. */
  readonly dropped: Json[] = [];
  readonly faults: PostFault[] = [];
  readonly #server: LoopbackServer;

  private constructor(server: LoopbackServer) {
    this.#server = server;
  }

  static async start(): Promise<TeamsSimulator> {
    let simulator: TeamsSimulator | null = null;
    const app = new Hono();
    app.post('/workflows/:id/triggers/manual/paths/invoke', async (context) =>
      simulator
        ? simulator.#take('workflows', context.req.query('sig') ?? '', await context.req.text())
        : context.text('', 503),
    );
    app.post('/connector/:id', async (context) =>
      simulator
        ? simulator.#take('connector', context.req.param('id'), await context.req.text())
        : context.text('', 503),
    );
    const server = await serveOnLoopback(() => app);
    simulator = new TeamsSimulator(server);
    return simulator;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  /** "When a Teams webhook request is received"; the address carries its own signature. */
  get workflowsUrl(): string {
    return `${this.#server.url}/workflows/9b1d/triggers/manual/paths/invoke?api-version=1&sig=teams-canary-signature`;
  }

  /** Something that still takes MessageCards. */
  get connectorUrl(): string {
    return `${this.#server.url}/connector/teams-canary-connector`;
  }

  #take(webhook: PostedCard['webhook'], key: string, text: string): Response {
    const fault = this.faults.shift();
    if (fault) return new Response(fault.body ?? '', { status: fault.status, headers: fault.headers ?? {} });
    if (!key.startsWith('teams-canary')) return new Response('', { status: 401 });
    const posted = JSON.parse(text) as { attachments?: { content?: Json }[] } & Json;
    const card = webhook === 'workflows' ? posted.attachments?.[0]?.content : posted;
    if (!card) return new Response('', { status: 400 });
    const bytes = Buffer.byteLength(text);
    if (bytes > largestCardBytes) this.dropped.push(card);
    else this.cards.push({ webhook, card, bytes, at: Date.now() });
    return webhook === 'workflows' ? new Response(null, { status: 202 }) : new Response('1');
  }

  /** Posts what Microsoft's servers post when a person clicks, and takes the answer as a client would. */
  async click(
    card: Json,
    { button, token, inputs = {}, requestId = crypto.randomUUID(), method = 'POST' }: Click,
  ): Promise<ClickAnswer> {
    const action = findAction(card, button);
    if (!action) throw new Error(`the card has no button '${button}' that posts`);
    const target = typeof action.target === 'string' ? action.target : String(action.url);
    const body = (typeof action.body === 'string' ? action.body : '').replace(
      /\{\{(\w+)\.value\}\}/g,
      (_, id: string) => inputs[id] ?? '',
    );
    const response = await fetch(target, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token !== null && { authorization: `Bearer ${token}` }),
        'card-correlation-id': crypto.randomUUID(),
        'action-request-id': requestId,
      },
      ...(method === 'POST' && { body }),
    });
    const text = await response.text();
    const isReplaced = response.status === 200 && response.headers.get('card-update-in-body') === 'true';
    return {
      status: response.status,
      text: response.headers.get('card-action-status'),
      card: isReplaced ? (JSON.parse(text) as Json) : null,
      headers: response.headers,
    };
  }
}

/** The `HttpPOST` or `Action.Http` of this name, wherever in the card it is. */
function findAction(node: unknown, name: string): Json | null {
  if (typeof node !== 'object' || node === null) return null;
  const action = node as Json;
  const isPost = action['@type'] === 'HttpPOST' || action.type === 'Action.Http';
  if (isPost && (action.name === name || action.title === name)) return action;
  for (const child of Object.values(action)) {
    const found = findAction(child, name);
    if (found) return found;
  }
  return null;
}
