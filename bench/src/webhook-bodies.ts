import { createHmac } from 'node:crypto';
import { workflowRunWebhook, World } from '@zekt/simulator';

export const secret = 'bench-webhook-secret';

export interface SignedBody {
  readonly body: string;
  readonly signature: string;
}

/** Completed runs of one repository, each another, signed. About the size of GitHub's own. */
export function signedBodies(count: number): SignedBody[] {
  const world = new World();
  const repository = world.repository('acme/requests');
  return Array.from({ length: count }, () => {
    const run = world.startRun(repository, { workflow: '.github/workflows/order.yaml' });
    world.touchRun(run, 'completed', 'success');
    const body = JSON.stringify(workflowRunWebhook(run, undefined));
    return { body, signature: `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
  });
}
