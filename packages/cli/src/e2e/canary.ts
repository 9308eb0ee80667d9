import type { Dispatch, Repository, WorkflowRun } from '@zekt/simulator';
import type { Fixture } from './fixture.ts';

/** A provider whose every name and id is unmistakable, and the list of what must never reach its consumers. */
export interface Canary {
  readonly repository: Repository;
  readonly workflow: string;
  /** What its service is called in a file: its owner is hidden behind an alias. */
  readonly label: string;
  readonly publicName: string;
  readonly alias: string;
  /** Starts a run by somebody whose name is as unmistakable; its ids count as names from then on. */
  startRun(): WorkflowRun;
  /** What of it is in a text, in plain or in any Base64 in it. */
  traces(text: string): string[];
}

const owner = 'zq-canary-owner';
const alias = 'platform-guild';

/** Plants a provider behind an alias; the App is installed on it, and its service offered to all. */
export async function plantCanary(world: Fixture, service: string, spec: object = {}): Promise<Canary> {
  const { github } = world;
  const repository = github.repository(`${owner}/zq-canary-repo`);
  Object.assign(repository.owner, { id: 9_182_736_455 });
  Object.assign(repository, { id: 8_273_645_546 });
  github.install([repository]);
  await github.webhooks.settled();
  const workflow = '.github/workflows/zq-canary-flow.yaml';
  const names = new Set([owner, repository.name, 'zq-canary', String(repository.id), String(repository.owner.id)]);
  await world.client('applyResources', {
    body: {
      resources: [
        {
          apiVersion: 'zekt.dev/v1',
          kind: 'Service',
          metadata: { owner, name: service },
          spec: {
            repository: `${owner}/${repository.name}`,
            workflow,
            visibility: 'public',
            alias,
            eventTypes: ['ordered'],
            ...spec,
          },
        },
      ],
    },
  });
  return {
    repository,
    workflow,
    label: `${owner}/${service}`,
    publicName: `${alias}/${service}`,
    alias,
    startRun() {
      const run = github.startRun(repository, { workflow, actor: 'zq-canary-actor' });
      for (const name of [String(run.id), run.sha]) names.add(name);
      return run;
    },
    traces: (text) => [...names].filter((name) => withDecoded(text).includes(name)),
  };
}

/** A text with everything that looks like Base64 decoded beside it. */
const withDecoded = (text: string): string =>
  [text, ...(text.match(/[\w+/-]{16,}/g) ?? []).map((it) => Buffer.from(it, 'base64').toString('latin1'))].join('\n');

/** Everything of an answer that its caller sees. */
export async function everythingIn(response: Response): Promise<string> {
  return `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`;
}

export const everythingDispatched = ({ eventType, clientPayload }: Dispatch): string =>
  `${eventType} ${JSON.stringify(clientPayload)}`;
