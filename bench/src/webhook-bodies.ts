import { createHmac } from 'node:crypto';
import { workflowRunWebhook, type Repository, type World } from '@zekt/simulator';

export const secret = 'bench-webhook-secret';

export interface SignedBody {
  readonly body: string;
  readonly signature: string;
}

/** Completed runs of a repository, each another, signed. About the size of GitHub's own. */
export function signedBodies(world: World, repository: Repository, count: number): SignedBody[] {
  return Array.from({ length: count }, () => {
    const run = world.startRun(repository, { workflow: '.github/workflows/order.yaml' });
    world.touchRun(run, 'completed', 'success');
    const body = JSON.stringify(workflowRunWebhook(run, undefined));
    return { body, signature: `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
  });
}
