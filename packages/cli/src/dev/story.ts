import { fileURLToPath } from 'node:url';
import { readResources } from '../commands/resources.ts';
import { deliveryTable } from '../commands/day-to-day.ts';
import { listAll } from '../commands/list-all.ts';
import { paint, print } from '../output.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { createTerminalLog } from '../serve/create-terminal-log.ts';
import { createClient, type Client } from '../client.ts';
import { chapter, line, pause, quote, until } from './narrate.ts';
import { showNotifications } from './show-notifications.ts';
import { cardAudience, createWorld, devTenant, type DevWorld } from './dev-world.ts';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const workflow = '.github/workflows/order-infrastructure.yaml';

export interface StoryOptions {
  /** Ends after the story. */
  readonly once: boolean;
  /** Where Zekt listens; 0: any free one. */
  readonly port: number;
}

/** Plays the README's story on a world of its own; then stays up unless `once`. Throws when the story goes wrong, or is broken off. */
export async function playStory({ once, port }: StoryOptions): Promise<void> {
  // From the beginning: whatever ends it, nothing stays behind.
  const interrupted = untilInterrupted();
  const log = createTerminalLog(process.env.ZEKT_LOG_LEVEL ?? 'warn');
  const world = await createWorld({
    log,
    settings: { ZEKT_EVENT_ONLY_GRACE: '2s', ZEKT_PORT: String(port) },
  });
  try {
    await unlessInterrupted(tell(world, once), interrupted);
    if (!once) {
      invite(world);
      await interrupted;
    }
  } finally {
    await world.stop();
  }
}

/** @throws Error when the interruption comes first */
async function unlessInterrupted(telling: Promise<void>, interrupted: Promise<unknown>): Promise<void> {
  const isTold = await Promise.race([telling.then(() => true), interrupted.then(() => false)]);
  if (isTold) return;
  // It goes wrong once the world has stopped, and nobody wants to know.
  telling.catch(() => undefined);
  throw new Error('stopped before the end of the story');
}

async function tell(world: DevWorld, once: boolean): Promise<void> {
  const { github, teams, slack, zekt, client } = world;
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

  chapter(
    'The operator says where people are asked and who is told, acme offers its workflow, contoso/finance receives it',
  );
  github.world.user('mona');
  for (const [name, value] of [
    ['teams-workflows-url', teams.workflowsUrl],
    ['teams-connector-url', teams.connectorUrl],
    ['slack-url', slack.webhookUrl],
  ] as const)
    await client('putSecret', { params: { name }, body: { value } });
  const { results } = await client('applyResources', { body: { resources: readResources([file('./story.yaml')]) } });
  for (const { kind, name, action } of results) line(`${kind} ${paint('cyan', name)} ${action}`);

  chapter('A workflow of contoso/platform asks for it, and acme decides');
  await requestAccess(world, once);

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

  chapter('acme asks a person before it deploys; a click in Teams decides');
  await askBeforeDeploying(world);

  chapter('Two alerts have told Slack and Teams');
  await showNotifications(world);

  chapter('What Zekt remembers');
  const deliveries = await listAll(client, 'listDeliveries', {}, 10);
  quote(deliveryTable(deliveries));
  const states = deliveries
    .map(({ state }) => state)
    .sort()
    .join(' and ');
  if (states !== 'completed and dispatched')
    throw new Error(`one delivery should be completed and one dispatched, but they are: ${states}`);
  if (github.world.dispatches.length !== 3)
    throw new Error(`there should be 3 dispatches, but there are ${github.world.dispatches.length}`);
  print(
    `\n${paint(['bold', 'green'], 'Done:')} one message, one run, two deliveries; two questions, two decisions, two alerts. Nothing lost, nothing doubled.`,
  );
}

/** `zekt apply` in a job: no secret, the job's own token says for whom. */
async function requestAccess(world: DevWorld, once: boolean): Promise<void> {
  const { github, teams, zekt, client } = world;
  const run = github.startRun(github.repository('contoso/platform'), {
    workflow: '.github/workflows/zekt.yaml',
    event: 'push',
    actor: 'linus',
  });
  const { requestUrl, requestToken } = github.jobCredentials(run);
  const job = createClient({
    ZEKT_URL: zekt.url,
    ZEKT_DATA_DIR: file('./no-data-directory'),
    ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
  });
  const { results } = await job('applyResources', { body: { resources: readResources([file('./request.yaml')]) } });
  github.completeRun(run);
  for (const { kind, name, action } of results)
    line(`${kind} ${paint('cyan', name)} ${action}: it waits for a decision`);
  await until(() => teams.cards.length > 0, 'the card in Teams');
  line(`a card is in Teams (simulated): ${paint('cyan', cardTitle(teams.cards[0]?.card))}`);
  const [approval] = await listAll(client, 'listApprovals', {}, 1);
  if (!approval) throw new Error('there should be an approval');
  if (once || !process.stdout.isTTY) {
    line(`zekt approvals decide ${approval.id} approve`);
    await client('decideApproval', {
      params: { id: approval.id },
      body: { decision: 'approved', comment: 'Welcome.' },
    });
  } else {
    print(
      `\n   ${paint(['bold', 'yellow'], 'Your turn:')} open the page, sign in as ${paint('bold', 'mona')} and approve.`,
    );
    print(`   ${paint(['cyan', 'underline'], approval.url)}\n`);
    await decisionOf(client, approval.id);
  }
  const decided = await client('getApproval', { params: { id: approval.id } });
  if (decided.state !== 'approved') throw new Error(`the request was ${decided.state}, so the story ends here`);
  line(`${paint('green', decided.state)} by ${decided.decision?.actor.name ?? ''}, by ${decided.decision?.via ?? ''}`);
}

const cardTitle = (card: Readonly<Record<string, unknown>> | undefined): string => {
  const body = card?.body as { text?: string }[] | undefined;
  return body?.[0]?.text ?? (typeof card?.summary === 'string' ? card.summary : '');
};

/** As long as a person takes. */
async function decisionOf(client: Client, id: string): Promise<void> {
  for (;;) {
    const { state } = await client('getApproval', { params: { id } });
    if (state !== 'pending' && state !== 'dispatching') return;
    await pause(500);
  }
}

/** The approve action in a job; then Microsoft's servers post what a click in Teams makes them post. */
async function askBeforeDeploying({ github, teams, entra, zekt }: DevWorld): Promise<void> {
  const ada = entra.addUser('ada@acme.example', devTenant);
  const step = await github.runStep({
    main: file('../../../../dist/approve/index.js'),
    run: github.startRun(github.repository('acme/requests'), {
      workflow: '.github/workflows/release.yaml',
      actor: 'mona',
    }),
    inputs: {
      title: 'basket 2.4.1 to production',
      environment: 'production',
      version: '2.4.1',
      approvers: `entra:${devTenant}/${ada.objectId}`,
      channel: 'releases',
      'on-approve-payload': '{ "artefact": "basket-2.4.1.tgz" }',
      'zekt-api-url': zekt.url,
    },
  });
  if (step.exitCode !== 0) throw new Error(`the action failed: ${step.log}`);
  quote(step.log);
  const id = step.outputs['approval-id'] ?? '';
  const posted = () =>
    teams.cards.find(({ webhook, card }) => webhook === 'connector' && JSON.stringify(card).includes(id));
  await until(() => posted() !== undefined, 'the card in Teams');
  const token = await entra.cardToken(ada, { audience: cardAudience });
  const answer = await teams.click(posted()?.card ?? {}, { button: 'Approve', token });
  line(
    `ada clicks ${paint('bold', 'Approve')} → ${answer.status} CARD-ACTION-STATUS: ${paint('green', answer.text ?? '')}`,
  );
  const [dispatch] = github.dispatchesTo('acme/requests');
  if (!dispatch) throw new Error('the decision was not dispatched');
  line(
    `${paint('green', '→')} ${paint('bold', dispatch.repository)}  repository_dispatch ${paint('cyan', dispatch.eventType)}`,
  );
  quote(JSON.stringify(dispatch.clientPayload, null, 2));
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
    const token = await github.issuer.mint(run, zekt.url);
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

function invite({ clientEnvironment }: DevWorld): void {
  print('\nIt stays up until Ctrl-C. In another terminal:');
  for (const [name, value] of Object.entries(clientEnvironment)) print(`   export ${name}=${value}`);
  for (const command of [
    'deliveries',
    'runs',
    'approvals list',
    'notifications list',
    'providers test slack',
    'tail',
    'doctor acme/requests',
    '--help',
  ])
    print(`   npx zekt ${command}`);
}
