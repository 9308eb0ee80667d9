import { randomUUID } from 'node:crypto';
import type { GitHubSimulator, Repository, World } from '@zekt/simulator';
import { signedBodies } from './webhook-bodies.ts';

/** Gives the next request, ready to send. */
export type NextRequest = () => Buffer;

/** One request; what makes it another each time is written over `at`. */
interface Template {
  readonly bytes: Buffer;
  readonly at: number;
}

function taking(templates: readonly Template[], make: (count: number) => string): NextRequest {
  let count = 0;
  return () => {
    count += 1;
    const { bytes, at } = templates[count % templates.length] ?? { bytes: Buffer.alloc(0), at: 0 };
    bytes.write(make(count), at, 'latin1');
    return Buffer.from(bytes);
  };
}

/** Webhooks of a repository's completed runs, each with a GUID of its own. */
export function webhookRequests(world: World, repository: Repository): NextRequest {
  const templates = signedBodies(world, repository, 1000).map(({ body, signature }) => {
    const head = [
      'POST /api/github/webhooks HTTP/1.1',
      'host: 127.0.0.1',
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      'user-agent: GitHub-Hookshot/bench',
      'x-github-event: workflow_run',
      'x-github-hook-id: 1',
      'x-github-hook-installation-target-type: integration',
      'x-github-hook-installation-target-id: 1',
      `x-hub-signature-256: ${signature}`,
      `x-github-delivery: ${randomUUID()}`,
    ].join('\r\n');
    return { bytes: Buffer.from(`${head}\r\n\r\n${body}`), at: head.length - 36 };
  });
  return taking(templates, () => randomUUID());
}

const digits = 12;

/**
 * Messages of so many runs, one after the other, each run with a token of its own; no message is like another.
 *
 * @param tokens minted before anything is measured; the more, the fewer messages a run sends
 */
export async function messageRequests(
  github: GitHubSimulator,
  repository: Repository,
  tokens: number,
): Promise<NextRequest> {
  const fullName = `${repository.owner.login}/${repository.name}`;
  const templates: Template[] = [];
  for (let n = 0; n < tokens; n += 1) {
    const run = github.startRun(repository, { workflow: '.github/workflows/order.yaml' });
    const body = JSON.stringify({
      eventType: 'ordered',
      repository: fullName,
      workflowRunId: String(run.id),
      payload: { resourceType: 'webServer', note: 'x'.repeat(1000), number: '0'.repeat(digits) },
    });
    const head = [
      'POST /api/events/receive HTTP/1.1',
      'host: 127.0.0.1',
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      `authorization: Bearer ${await github.issuer.mint(run, 'api://zekt')}`,
    ].join('\r\n');
    const bytes = Buffer.from(`${head}\r\n\r\n${body}`);
    templates.push({ bytes, at: bytes.lastIndexOf('0'.repeat(digits)) });
  }
  return taking(templates, (count) => String(count).padStart(digits, '0'));
}
