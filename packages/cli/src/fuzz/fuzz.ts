import fc from 'fast-check';
import { createWorld } from '../dev/dev-world.ts';
import { attack, type Attacked } from './attack.ts';
import { wireRequests } from './wire-requests.ts';

export interface Fuzzed {
  readonly requests: number;
  /** What failed, with the smallest request that shows it; null: nothing. */
  readonly failure: string | null;
}

const webhookSecret = 'fuzz-webhook-secret';
/** Requests under way at a time. */
const sideBySide = 8;

/** Attacks every route of a Zekt on loopback with so many requests, nearly right or broken, and looks whether it is alive after. */
export async function fuzz(requests: number, seed?: number): Promise<Fuzzed> {
  const errors: string[] = [];
  const quiet = (): void => undefined;
  const error = (fields: object, message: string): void => {
    const { err } = fields as { err?: unknown };
    errors.push(`${message}: ${err instanceof Error ? (err.stack ?? err.message) : JSON.stringify(fields)}`);
  };
  const world = await createWorld({
    log: { debug: quiet, info: quiet, warn: quiet, error },
    settings: { ZEKT_GITHUB_WEBHOOK_SECRET: webhookSecret, ZEKT_RECONCILE_EVERY: '0ms' },
  });
  try {
    const { github, zekt } = world;
    const repository = github.repository('acme/requests');
    github.install([repository]);
    await github.webhooks.settled();
    const run = github.startRun(repository, { workflow: '.github/workflows/order.yaml' });
    const attacked: Attacked = {
      url: zekt.url,
      adminToken: zekt.adminToken,
      workflowToken: await github.issuer.mint(run, zekt.url),
      webhookSecret,
      errors: () => errors.splice(0),
    };
    const property = fc.asyncProperty(
      fc.array(wireRequests, { minLength: sideBySide, maxLength: sideBySide }),
      async (batch) => {
        const found = await Promise.all(batch.map((request) => attack(attacked, request)));
        const [failure] = found.filter((it) => it !== null);
        if (failure !== undefined) throw new Error(failure);
      },
    );
    const numRuns = Math.ceil(requests / sideBySide);
    const result = await fc.check(property, { numRuns, endOnFailure: true, ...(seed !== undefined && { seed }) });
    const isAlive = (await fetch(`${zekt.url}/api/health`)).ok;
    const failure = result.failed
      ? `seed ${result.seed}: ${String(result.errorInstance)}`
      : isAlive
        ? null
        : 'the server is dead';
    return { requests: result.numRuns * sideBySide, failure };
  } finally {
    await world.stop();
  }
}
