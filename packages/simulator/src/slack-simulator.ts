import { Hono } from 'hono';
import { serveOnLoopback, type LoopbackServer } from './loopback-server.ts';
import type { PostFault } from './teams-simulator.ts';

/** A message that somebody posted to the incoming webhook. */
export interface SlackMessage {
  readonly channel: string;
  readonly username: string;
  readonly attachments: readonly {
    readonly color: string;
    readonly author_name: string;
    readonly text: string;
    readonly fields: readonly { readonly title: string; readonly value: string }[];
  }[];
}

const secret = 'slack-canary-secret';

/** Slack on loopback: an incoming webhook that takes messages. */
export class SlackSimulator {
  readonly messages: SlackMessage[] = [];
  /** What the next posts are answered instead of being taken. */
  readonly faults: PostFault[] = [];
  readonly #server: LoopbackServer;

  private constructor(server: LoopbackServer) {
    this.#server = server;
  }

  static async start(): Promise<SlackSimulator> {
    let simulator: SlackSimulator | null = null;
    const app = new Hono();
    app.post('/services/:team/:app/:secret', async (context) =>
      simulator
        ? simulator.#take(context.req.param('secret'), await context.req.text())
        : context.text('starting', 503),
    );
    const server = await serveOnLoopback(() => app);
    simulator = new SlackSimulator(server);
    return simulator;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  /** Whoever has it may post: it is a credential. */
  get webhookUrl(): string {
    return `${this.#server.url}/services/T0/B0/${secret}`;
  }

  #take(given: string, text: string): Response {
    const fault = this.faults.shift();
    if (fault) return new Response(fault.body ?? '', { status: fault.status, headers: fault.headers ?? {} });
    if (given !== secret) return new Response('invalid_token', { status: 403 });
    const message = JSON.parse(text) as Partial<SlackMessage>;
    if (!message.attachments?.length) return new Response('no_text', { status: 400 });
    this.messages.push(message as SlackMessage);
    return new Response('ok');
  }
}
