import type { HookDeadLetter, HookDelivery, HookExecution, HookExplanation, HookTarget } from '@zekt/contracts';
import type { Argv } from 'yargs';
import { RefusedError, type Client } from '../client.ts';
import { limitOption, print, shortTime, show, table, type OutputOptions } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { listAll } from './list-all.ts';

const targetTable = (targets: readonly HookTarget[]): string =>
  table(
    ['TARGET', 'TYPE', 'TIMEOUT', 'INTERRUPTS', 'KEYS', 'CHANGED', 'ENDPOINT'],
    targets.map(({ metadata, spec, status }) => [
      metadata.name,
      spec.type,
      spec.timeout,
      spec.interruptOnError === true ? 'yes' : 'no',
      String(status.keys.length),
      shortTime(status.changedAt),
      spec.endpoint,
    ]),
  );

const executionTable = (executions: readonly HookExecution[]): string =>
  table(
    ['CONDITION', 'CALLS'],
    executions.map(({ condition, targets }) => [condition, targets.join(', ')]),
  );

const logTable = (tries: readonly HookDelivery[]): string =>
  table(
    ['AT', 'TARGET', 'EVENT', 'TRY', 'OUTCOME', 'STATUS', 'MS', 'FAILURE', 'DELIVERY'],
    tries.map((it) => [
      shortTime(it.at),
      it.target,
      it.eventType,
      String(it.attempt),
      it.outcome,
      it.status === null ? '' : String(it.status),
      String(it.ms),
      it.failure ?? '',
      it.deliveryId,
    ]),
  );

const deadLetterTable = (lost: readonly HookDeadLetter[]): string =>
  table(
    ['DELIVERY', 'TARGET', 'EVENT', 'TRIES', 'STATUS', 'FAILURE', 'AT'],
    lost.map((it) => [
      it.deliveryId,
      it.target,
      it.eventType,
      String(it.attempts),
      it.status === null ? '' : String(it.status),
      it.failure,
      shortTime(it.at),
    ]),
  );

function describeTarget({ metadata, spec, status, signingKey }: HookTarget): string {
  return [
    `${metadata.name}: ${spec.type}, ${spec.timeout}${spec.interruptOnError === true ? ', interrupts' : ''}`,
    `  ${spec.endpoint}`,
    ...status.keys.map(({ id, until }) => `  signed with ${id}${until === null ? '' : ` until ${shortTime(until)}`}`),
    ...status.publicKeys.map(
      ({ id, active, fingerprint }) => `  public key ${id}${active ? ' (active)' : ''}: ${fingerprint}`,
    ),
    ...(signingKey === undefined ? [] : [`  signing key, shown this once: ${signingKey}`]),
  ].join('\n');
}

function describeExplanation({ trigger, candidates, condition, targets, off }: HookExplanation): string {
  return [
    `${trigger}: ${condition === null ? 'nothing is called' : `${condition} wins`}`,
    ...candidates.map((candidate) => `  ${candidate === condition ? '→' : ' '} ${candidate}`),
    ...targets.map(
      ({ id, type, interruptOnError }, index) =>
        `  ${index + 1}. ${id} (${type}${interruptOnError ? ', interrupts' : ''})`,
    ),
    ...(off ? ['  ZEKT_HOOKS=off: nothing is called.'] : []),
  ].join('\n');
}

const id = { type: 'string', demandOption: true, describe: 'Id of the target' } as const;

export function hookCommands(cli: Argv, client: () => Client): Argv {
  return cli.command(
    'hook',
    'Endpoints that Zekt calls, and when: target, execution, explain, test, log, dead-letter',
    (yargs) =>
      yargs
        .option('owner', { type: 'string', describe: 'The account whose hooks are meant; default: the operator' })
        .demandCommand(1, 'Which? target, execution, explain, test, log or dead-letter.')
        .command('target', 'Targets: list, show, rotate, delete', (it) => targetCommands(it, client))
        .command('execution', 'Executions: list', (it) =>
          it.demandCommand(1, 'Which? list.').command('list', 'List what is called when', {}, async (args) => {
            const { items } = await client()('searchHookExecutions', { query: ownerIn(args) });
            show(items, args as OutputOptions, () => executionTable(items));
          }),
        )
        .command(
          'explain <trigger>',
          'Show which execution wins for a trigger, and what it calls',
          (it) =>
            it
              .positional('trigger', { type: 'string', demandOption: true })
              .example('$0 hook explain event:delivery.failed', 'who is told of a failed delivery'),
          async (args) => {
            // Only here: it brings along what calls hooks.
            const { conditionOf, readConditionId } = await import('@zekt/hooks');
            const condition = readConditionId(args.trigger);
            if (condition === null)
              throw new UsageError(`a trigger is such as event:delivery.failed or request:/service/Method`);
            const body = { on: conditionOf(condition) };
            const explanation = await client()('explainHook', { body, query: ownerIn(args) });
            show(explanation, args as OutputOptions, () => describeExplanation(explanation));
          },
        )
        .command(
          'log',
          'List tries to tell targets of events, newest first',
          (it) => it.option('limit', limitOption),
          async (args) => {
            const tries = await listAll(client(), 'listHookDeliveries', { query: ownerIn(args) }, args.limit);
            show(tries, args as OutputOptions, () => logTable(tries));
          },
        )
        .command('dead-letter', 'Events that targets were not told of: list, replay', (it) =>
          deadLetterCommands(it, client),
        )
        .command(
          'test <id>',
          'Call a target at once, and show what it answered',
          (it) => it.positional('id', id),
          async (args) => {
            const answer = await client()('testHookTarget', { params: { id: args.id }, query: ownerIn(args) });
            const said = answer.status === null ? 'no answer' : `answered ${answer.status}`;
            show(answer, args as OutputOptions, () => `${answer.target}: ${said} after ${answer.ms} ms`);
            if (!answer.ok) throw new RefusedError(answer.reason ?? 'the test failed', 'hook_failed');
          },
        ),
  );
}

const ownerIn = (args: object): { owner?: string } =>
  'owner' in args && typeof args.owner === 'string' ? { owner: args.owner } : {};

const deadLetterCommands = (yargs: Argv, client: () => Client): Argv =>
  yargs
    .demandCommand(1, 'Which? list or replay.')
    .command('list', 'List what targets were not told of', {}, async (args) => {
      const lost = await listAll(client(), 'listHookDeadLetters', { query: ownerIn(args) }, 1000);
      show(lost, args as OutputOptions, () => deadLetterTable(lost));
    })
    .command(
      'replay <delivery>',
      'Tell a target of an event after all, from the first try',
      (it) => it.positional('delivery', { type: 'string', demandOption: true }),
      async (args) => {
        await client()('replayHookDeadLetter', { params: { id: args.delivery }, query: ownerIn(args) });
        print(`${args.delivery}: put back`);
      },
    );

const targetCommands = (yargs: Argv, client: () => Client): Argv =>
  yargs
    .demandCommand(1, 'Which? list, show, rotate or delete.')
    .command('list', 'List targets', {}, async (args) => {
      const { items } = await client()('searchHookTargets', { query: ownerIn(args) });
      show(items, args as OutputOptions, () => targetTable(items));
    })
    .command(
      'show <id>',
      'Show one target, without its signing key',
      (it) => it.positional('id', id),
      async (args) => {
        const target = await client()('getHookTarget', { params: { id: args.id }, query: ownerIn(args) });
        show(target, args as OutputOptions, () => describeTarget(target));
      },
    )
    .command(
      'rotate <id>',
      'Make a new signing key, and print it this once',
      (it) =>
        it
          .positional('id', id)
          .option('grace', {
            type: 'string',
            demandOption: true,
            describe: 'How long calls are signed with the old key, too: 0s to 720h',
          })
          .example('$0 hook target rotate geo --grace 24h', 'a day to hand out the new key'),
      async (args) => {
        const input = { params: { id: args.id }, query: ownerIn(args), body: { grace: args.grace } };
        const target = await client()('rotateHookKey', input);
        show(target, args as OutputOptions, () => describeTarget(target));
      },
    )
    .command(
      'delete <id>',
      'Remove a target, and take it out of every execution',
      (it) => it.positional('id', id),
      async (args) => {
        await client()('deleteHookTarget', { params: { id: args.id }, query: ownerIn(args) });
        print(`target ${args.id}: removed`);
      },
    );
