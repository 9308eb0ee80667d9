import type { Delivery, DomainEvent, Run, Service, ServiceOffer, Subscription } from '@zekt/contracts';
import type { Argv } from 'yargs';
import type { Client } from '../client.ts';
import { jsonText, limitOption, paint, print, shortTime, show, table, type OutputOptions } from '../output.ts';
import { listDeadLetters } from './dead-letters.ts';
import { listAll } from './list-all.ts';

const serviceTable = (services: readonly Service[]): string =>
  table(
    ['SERVICE', 'REPOSITORY', 'WORKFLOW', 'SUBSCRIPTIONS', 'SUSPENDED'],
    services.map(({ metadata, spec, status }) => [
      `${metadata.owner}/${metadata.name}`,
      spec.repository,
      spec.workflow,
      String(status.subscriptions),
      status.suspended ?? '',
    ]),
  );

/** What a workflow is shown of services, in a job. */
const offerTable = (offers: readonly ServiceOffer[]): string =>
  table(
    ['SERVICE', 'VISIBILITY', 'EVENT TYPES', 'TAGS', 'DESCRIPTION'],
    offers.map((it) => [it.service, it.visibility, it.eventTypes.join(','), it.tags.join(','), it.description]),
  );

const isOffer = (service: Service | ServiceOffer): service is ServiceOffer => !('spec' in service);

const subscriptionTable = (subscriptions: readonly Subscription[]): string =>
  table(
    ['SUBSCRIPTION', 'STATE', 'SERVICE', 'CONSUMER', 'EVENT TYPES'],
    subscriptions.map(({ metadata, spec, status }) => [
      metadata.name,
      status.state,
      spec.service,
      spec.repository,
      (spec.eventTypes ?? []).join(','),
    ]),
  );

const runTable = (runs: readonly Run[]): string =>
  table(
    ['CORRELATION ID', 'STATE', 'CONCLUSION', 'SERVICE', 'MESSAGES', 'DELIVERIES', 'RECEIVED'],
    runs.map((run) => [
      run.correlationId,
      run.state,
      run.conclusion ?? '',
      run.service ?? '',
      String(run.messages.length),
      String(run.deliveries),
      shortTime(run.receivedAt),
    ]),
  );

export const deliveryTable = (deliveries: readonly Delivery[]): string =>
  table(
    ['DELIVERY', 'STATE', 'EVENT TYPE', 'CONSUMER', 'TRIES', 'CREATED', 'REASON'],
    deliveries.map((it) => [
      it.deliveryId,
      it.state,
      it.eventType,
      it.repository,
      String(it.attempts.length),
      shortTime(it.createdAt),
      it.reason ?? it.attempts.at(-1)?.reason ?? '',
    ]),
  );

const eventLine = ({ at, type, summary }: DomainEvent): string =>
  `${paint('dim', shortTime(at))}  ${paint('cyan', type.padEnd(22))}  ${summary}`;

export function dayToDayCommands(cli: Argv, client: () => Client): Argv {
  return cli
    .command(
      'services',
      'List services',
      (yargs) => yargs.example('$0 services --json', 'for programs'),
      async (args) => {
        const services: (Service | ServiceOffer)[] = await listAll(client(), 'listServices', {}, 10_000);
        const offers = services.filter(isOffer);
        const full = services.filter((it): it is Service => !isOffer(it));
        show(services, args as OutputOptions, () => (offers.length > 0 ? offerTable(offers) : serviceTable(full)));
      },
    )
    .command(
      'subscriptions [decision] [name]',
      'List subscriptions, or approve, reject, revoke or leave one',
      (yargs) =>
        yargs
          .positional('decision', { choices: ['approve', 'reject', 'revoke', 'leave'] as const })
          .positional('name', { type: 'string' })
          .option('reason', { type: 'string', describe: 'Kept in the history' })
          .check(
            ({ decision, name }) =>
              decision === undefined || name !== undefined || 'Which subscription? Give its name.',
          )
          .example('$0 subscriptions approve platform-builds-orders', 'let the consumer receive'),
      async (args) => {
        if (args.decision === undefined) {
          const subscriptions = await listAll(client(), 'listSubscriptions', {}, 10_000);
          show(subscriptions, args as OutputOptions, () => subscriptionTable(subscriptions));
          return;
        }
        const operation = (
          {
            approve: 'approveSubscription',
            reject: 'rejectSubscription',
            revoke: 'revokeSubscription',
            leave: 'leaveSubscription',
          } as const
        )[args.decision];
        const decided = await client()(operation, {
          params: { id: args.name ?? '' },
          body: args.reason === undefined ? {} : { reason: args.reason },
        });
        show(decided, args as OutputOptions, () => subscriptionTable([decided]));
      },
    )
    .command(
      'runs [correlation-id]',
      'List runs, newest first, or show one',
      (yargs) =>
        yargs
          .positional('correlation-id', { type: 'string' })
          .option('limit', limitOption)
          .example('$0 runs --limit 5', 'the last five'),
      async (args) => {
        const runs =
          args.correlationId === undefined
            ? await listAll(client(), 'listRuns', {}, args.limit)
            : [await client()('getRun', { params: { correlationId: args.correlationId } })];
        show(runs, args as OutputOptions, () => runTable(runs));
      },
    )
    .command(
      'deliveries [delivery-id]',
      'List deliveries, newest first, or show one',
      (yargs) =>
        yargs
          .positional('delivery-id', { type: 'string' })
          .option('run', { type: 'string', describe: 'Only of this correlation id' })
          .option('subscription', { type: 'string', describe: 'Only of this subscription' })
          .option('dead', { type: 'boolean', default: false, describe: 'Messages that the workers gave up on' })
          .option('limit', limitOption)
          .example('$0 deliveries --subscription platform-builds-orders', 'of one connection'),
      async (args) => {
        if (args.dead) {
          await listDeadLetters(client(), args as OutputOptions, undefined, args.limit);
          return;
        }
        const { deliveryId, run, subscription } = args;
        const deliveries =
          deliveryId === undefined
            ? await listAll(client(), 'listDeliveries', { query: { run, subscription } }, args.limit)
            : [await client()('getDelivery', { params: { deliveryId } })];
        show(deliveries, args as OutputOptions, () => deliveryTable(deliveries));
      },
    )
    .command(
      'replay <delivery-id>',
      "Send a delivery's content again, as a new delivery",
      (yargs) =>
        yargs
          .positional('delivery-id', { type: 'string', demandOption: true })
          .example('$0 replay delivery-…', 'send it again'),
      async (args) => {
        const answer = await client()('replayDelivery', { params: { deliveryId: args.deliveryId } });
        show(answer, args as OutputOptions, () => `${answer.replayOf} is sent again as ${answer.deliveryId}`);
      },
    )
    .command(
      'diagnose <subscription>',
      'Health and failures of one subscription',
      (yargs) => yargs.positional('subscription', { type: 'string', demandOption: true }),
      async (args) => {
        const found = await client()('diagnoseConnection', { params: { id: args.subscription } });
        show(found, args as OutputOptions, () => {
          const { total, succeeded, successRate } = found.window;
          const rate =
            successRate === null
              ? 'no deliveries'
              : `${succeeded} of ${total} succeeded (${Math.round(successRate * 1000) / 10} %)`;
          const groups = found.groups.map(({ kind, count, advice }) => `  ${count} × ${kind}: ${advice}`);
          return [
            `${args.subscription}: ${found.health}. Last 24 hours: ${rate}.`,
            ...groups,
            ...(found.lastFailures.length > 0 ? ['', deliveryTable(found.lastFailures)] : []),
          ].join('\n');
        });
      },
    )
    .command(
      'tail',
      'Show what happens, as it happens',
      (yargs) =>
        yargs
          .option('follow', { type: 'boolean', default: true, describe: 'Go on until interrupted' })
          .option('limit', limitOption)
          .example('$0 tail --no-follow --limit 50', 'the last fifty events'),
      async (args) => tail(client(), args as OutputOptions, args.limit, args.follow),
    );
}

const tailEveryMs = 1000;
/** Events written a little late sort before those already shown, so a few more are read each time. */
const tailOverlap = 100;

async function tail(client: Client, { json }: OutputOptions, limit: number, follow: boolean): Promise<void> {
  const shown = new Set<string>();
  for (let most = limit; ; most = tailOverlap) {
    const events = await listAll(client, 'listEvents', {}, most);
    for (const event of events.filter(({ id }) => !shown.has(id)).reverse()) {
      shown.add(event.id);
      print(json ? jsonText(event) : eventLine(event));
    }
    if (!follow) return;
    for (const id of shown) if (shown.size > 10_000) shown.delete(id);
    await new Promise((resolve) => setTimeout(resolve, tailEveryMs));
  }
}
