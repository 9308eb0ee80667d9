import type { Notification, NotificationAlert, NotificationProvider, ProviderTestAnswer } from '@zekt/contracts';
import type { Argv } from 'yargs';
import { RefusedError, type Client } from '../client.ts';
import { paint, show, table, type OutputOptions } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { listAll } from './list-all.ts';

const shortTime = (iso: string | null | undefined): string => (iso ? iso.replace('T', ' ').slice(0, 19) : '');
const limitOption = { type: 'number', default: 20, describe: 'How many at most' } as const;

const shown = ({ metadata: { namespace = 'default', name } }: NotificationProvider | NotificationAlert): string =>
  namespace === 'default' ? name : `${namespace}/${name}`;

/** `name`, or `namespace/name`. */
export function objectParams(text: string): { namespace: string; name: string } {
  const [first = '', second, ...rest] = text.split('/');
  if (first === '' || second === '' || rest.length > 0)
    throw new UsageError(`give a name, or namespace/name; got '${text}'`);
  return second === undefined ? { namespace: 'default', name: first } : { namespace: first, name: second };
}

const providerTable = (providers: readonly NotificationProvider[]): string =>
  table(
    ['PROVIDER', 'TYPE', 'READY', 'CIRCUIT', 'LAST SUCCESS', 'LAST ERROR', 'REASON'],
    providers.map((it) => [
      shown(it),
      it.spec.type,
      it.status.ready ? 'ready' : 'not ready',
      it.status.circuit,
      shortTime(it.status.lastSuccessAt),
      it.status.lastError ? `${shortTime(it.status.lastError.at)} ${it.status.lastError.reason}`.slice(0, 80) : '',
      it.status.reason ?? '',
    ]),
  );

const alertTable = (alerts: readonly NotificationAlert[]): string =>
  table(
    ['ALERT', 'PROVIDER', 'SEVERITY', 'SOURCES', 'ON', 'GROUPING', 'READY', 'REASON'],
    alerts.map((it) => [
      shown(it),
      it.spec.providerRef.name,
      it.spec.eventSeverity ?? 'info',
      it.spec.eventSources.map(({ kind, name }) => `${kind}/${name}`).join(','),
      it.spec.notifyOn ?? 'all',
      it.spec.grouping?.window ?? '',
      it.status.ready ? 'ready' : 'not ready',
      it.status.reason ?? '',
    ]),
  );

export const notificationTable = (notifications: readonly Notification[]): string =>
  table(
    ['NOTIFICATION', 'STATE', 'PROVIDER', 'ALERT', 'OBJECT', 'SEVERITY', 'TRIES', 'CREATED', 'MESSAGE'],
    notifications.map((it) => [
      it.id,
      it.state,
      it.provider,
      it.alert,
      `${it.kind}/${it.name}`,
      it.severity,
      String(it.attempts.length),
      shortTime(it.createdAt),
      (it.outcome ?? it.message).split('\n')[0]?.slice(0, 80) ?? '',
    ]),
  );

function describeNotification(it: Notification): string {
  return [
    `${it.id}: ${it.state}`,
    `  ${it.kind}/${it.namespace}/${it.name}, ${it.severity}, ${it.reason}`,
    ...it.message.split('\n').map((line) => `  ${line}`),
    `  ${it.events === 1 ? 'one event' : `${it.events} events`} to ${it.provider} by ${it.alert}`,
    ...it.attempts.map(
      ({ at, outcome, status, reason }) =>
        `  ${shortTime(at)} ${outcome}${status === null ? '' : ` ${status}`}${reason === null ? '' : `: ${reason}`}`,
    ),
    ...(it.nextAttemptAt === null ? [] : [`  next try at ${shortTime(it.nextAttemptAt)}`]),
    ...(it.outcome === null ? [] : [`  ${it.outcome}`]),
  ].join('\n');
}

/** Each request as it went over the wire, and the very answer. */
export function describeTest(answer: ProviderTestAnswer): string {
  const requests = answer.exchanges.flatMap(({ method, url, headers, body, status, answer: text }) => [
    paint('bold', `${method} ${url}`),
    ...headers.map(([name, value]) => `${name ?? ''}: ${value ?? ''}`),
    ...(body === null ? [] : ['', body]),
    '',
    ...(answer.dryRun
      ? []
      : [paint('cyan', status === null ? 'no answer' : `→ ${status} ${text ?? ''}`.trimEnd()), '']),
  ]);
  const outcome = answer.outcome === 'sent' ? paint('green', 'sent') : answer.outcome;
  const ending = answer.dryRun && answer.outcome === 'dryRun' ? 'dry run: nothing was sent' : outcome;
  return [...requests, `${answer.provider}: ${ending}${answer.reason === null ? '' : `: ${answer.reason}`}`].join('\n');
}

export function notificationCommands(cli: Argv, client: () => Client): Argv {
  return cli
    .command('providers', 'Destinations of notifications: list, test', (yargs) =>
      yargs
        .demandCommand(1, 'Which? list or test.')
        .command('list', 'List destinations, and how they are', {}, async (args) => {
          const providers = await listAll(client(), 'listProviders', {}, 10_000);
          show(providers, args as OutputOptions, () => providerTable(providers));
        })
        .command(
          'test <name>',
          'Send a test event at once, and show the exact answer',
          (it) =>
            it
              .positional('name', { type: 'string', demandOption: true, describe: 'name, or namespace/name' })
              .option('dry-run', {
                type: 'boolean',
                default: false,
                describe: 'Only print the request, with secrets masked',
              })
              .option('severity', { choices: ['info', 'error'] as const, default: 'info' as const })
              .option('message', { type: 'string', describe: 'What to say' })
              .option('revision', { type: 'string', describe: 'Commit, for providers that set the status of one' })
              .example('$0 providers test slack', 'does it arrive?')
              .example('$0 providers test slack --dry-run', 'what would be sent'),
          async ({ name, dryRun, severity, message, revision, ...args }) => {
            const answer = await client()('testProvider', {
              params: objectParams(name),
              body: {
                dryRun,
                severity,
                ...(message !== undefined && { message }),
                ...(revision !== undefined && { revision }),
              },
            });
            show(answer, args as OutputOptions, () => describeTest(answer));
            if (answer.outcome !== 'sent' && answer.outcome !== 'dryRun')
              throw new RefusedError(`the test of ${answer.provider} failed`, 'provider_failed');
          },
        ),
    )
    .command('alerts', 'Which events go where: list', (yargs) =>
      yargs.demandCommand(1, 'Which? list.').command('list', 'List alerts', {}, async (args) => {
        const alerts = await listAll(client(), 'listAlerts', {}, 10_000);
        show(alerts, args as OutputOptions, () => alertTable(alerts));
      }),
    )
    .command('notifications', 'What was told to whom: list, show, replay', (yargs) =>
      yargs
        .demandCommand(1, 'Which? list, show or replay.')
        .command(
          'list',
          'List notifications, newest first',
          (it) => it.option('limit', limitOption),
          async (args) => {
            const notifications = await listAll(client(), 'listNotifications', {}, args.limit);
            show(notifications, args as OutputOptions, () => notificationTable(notifications));
          },
        )
        .command(
          'show <id>',
          'Show one notification with its attempts',
          (it) => it.positional('id', { type: 'string', demandOption: true }),
          async (args) => {
            const notification = await client()('getNotification', { params: { id: args.id } });
            show(notification, args as OutputOptions, () => describeNotification(notification));
          },
        )
        .command(
          'replay <id>',
          'Send a notification again, from the first try',
          (it) =>
            it
              .positional('id', { type: 'string', demandOption: true })
              .example('$0 notifications replay notification-…', 'what was given up'),
          async (args) => {
            const notification = await client()('replayNotification', { params: { id: args.id } });
            show(notification, args as OutputOptions, () => describeNotification(notification));
          },
        ),
    );
}
