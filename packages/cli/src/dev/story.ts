import { fileURLToPath } from 'node:url';
import { readResources } from '../commands/resources.ts';
import { deliveryTable } from '../commands/day-to-day.ts';
import { listAll } from '../commands/list-all.ts';
import { paint, print } from '../output.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { createTerminalLog } from '../serve/create-terminal-log.ts';
import { createWorld, type DevWorld } from './dev-world.ts';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const workflow = '.github/workflows/order-infrastructure.yaml';
const waitLimitMs = 15_000;

/** Plays the README's story on a world of its own; then stays up unless `once`. Throws when the story goes wrong. */
export async function playStory({ once }: { readonly once: boolean }): Promise<void> {
  const log = createTerminalLog(process.env.ZEKT_LOG_LEVEL ?? 'warn');
  const world = await createWorld({ log, settings: { ZEKT_EVENT_ONLY_GRACE: '2s' } });
  try {
    await tell(world);
    if (!once) {
      await invite(world);
    }
  } finally {
    await world.stop();
  }
}

let chapters = 0;
function chapter(title: string): void {
  chapters += 1;
  print(`\n${paint(['bold', 'magenta'], `${chapters}. ${title}`)}`);
}

const line = (text: string): void => print(`   ${text}`);
const quote = (text: string): void =>
  text
    .trimEnd()
    .split('\n')
    .forEach((it) => print(`   ${paint('dim', '│')} ${it}`));

async function tell(world: DevWorld): Promise<void> {
  const { github, zekt, client } = world;
  print(
    paint(
      'bold',
      'Zekt, on this machine: a workflow of acme reaches two repositories of contoso, and no secret is shared.',
    ),
  );
  line(`Zekt    ${paint('cyan', zekt.url)}`);
  line(`GitHub  ${paint('cyan', github.url)} (simulated)`);

  chapter('The Zekt App is installed in both organisations');
  const requests = github.repository('acme/requests');
  const platform = github.repository('contoso/platform');
  const finance = github.repository('contoso/finance');
  github.install([requests]);
  github.install([platform, finance]);
  await github.webhooks.settled();
  line('acme: requests');
  line('contoso: platform, finance');

  chapter('acme offers its workflow as a service; contoso subscribes twice');
  const { results } = await client('applyResources', { body: { resources: readResources([file('./story.yaml')]) } });
  for (const { kind, name, action } of results) line(`${kind} ${paint('cyan', name)} ${action}`);

  chapter('The workflow runs, and its job sends a message with the Zekt action');
  const run = github.startRun(requests, { workflow, displayTitle: 'Order a web server', actor: 'mona' });
  const step = await github.runStep({
    main: file('../../../../dist/index.js'),
    run,
    inputs: {
      'event-type': 'infrastructure-ordered',
      payload: '{ "resourceType": "webServer", "size": "small", "costCentre": 4711 }',
      'zekt-api-url': zekt.url,
    },
  });
  quote(step.log);
  if (step.exitCode !== 0) throw new Error(`the action failed with exit code ${step.exitCode}`);
  line(
    `outputs: ${Object.entries(step.outputs)
      .map(([name, value]) => `${name}=${paint('cyan', value)}`)
      .join('  ')}`,
  );

  chapter("The run completes; GitHub's webhook brings the news");
  github.completeRun(run);
  line(`run ${run.id} of acme/requests: ${paint('green', 'success')}`);

  chapter('Each approved consumer is dispatched once, with the message and the run joined');
  await until(() => github.world.dispatches.length >= 2, 'both dispatches');
  for (const { repository, eventType } of github.world.dispatches) {
    line(`${paint('green', '→')} ${paint('bold', repository)}  repository_dispatch ${paint('cyan', eventType)}`);
  }
  quote(JSON.stringify(github.dispatchesTo('contoso/platform')[0]?.clientPayload, null, 2));

  chapter('contoso/platform confirms and completes, with its own OIDC token');
  await report(world);

  chapter('What Zekt remembers');
  const deliveries = await listAll(client, 'listDeliveries', {}, 10);
  quote(deliveryTable(deliveries));
  const states = deliveries
    .map(({ state }) => state)
    .sort()
    .join(' and ');
  if (states !== 'completed and dispatched')
    throw new Error(`one delivery should be completed and one dispatched, but they are: ${states}`);
  if (github.world.dispatches.length !== 2)
    throw new Error(`there should be 2 dispatches, but there are ${github.world.dispatches.length}`);
  print(`\n${paint(['bold', 'green'], 'Done:')} one message, one run, two dispatches. Nothing lost, nothing doubled.`);
}

/** The consumer's own workflow, as its two steps would do it. */
async function report({ github, zekt }: DevWorld): Promise<void> {
  const [dispatch] = github.dispatchesTo('contoso/platform');
  const { deliveryId } = dispatch?.clientPayload._zekt as { deliveryId: string };
  const run = github.startRun(github.repository('contoso/platform'), {
    workflow: '.github/workflows/build.yaml',
    event: 'repository_dispatch',
    displayTitle: 'Build a web server',
  });
  for (const [path, body] of [
    ['confirm', { deliveryId }],
    ['complete', { deliveryId, success: true, message: 'web server is up' }],
  ] as const) {
    const token = await github.issuer.mint(run, 'api://zekt');
    const response = await fetch(`${zekt.url}/api/event-delivery/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as { error?: string; delivery?: { state: string } };
    if (!response.ok) throw new Error(`${path} was refused: ${answer.error ?? response.status}`);
    line(`POST /api/event-delivery/${path} → ${paint('green', answer.delivery?.state ?? '')}`);
  }
  github.completeRun(run);
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + waitLimitMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${waitLimitMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function invite({ clientEnvironment }: DevWorld): Promise<void> {
  print('\nIt stays up until Ctrl-C. In another terminal:');
  for (const [name, value] of Object.entries(clientEnvironment)) print(`   export ${name}=${value}`);
  for (const command of ['deliveries', 'runs', 'tail', 'doctor acme/requests', '--help'])
    print(`   npx zekt ${command}`);
  await untilInterrupted();
}
