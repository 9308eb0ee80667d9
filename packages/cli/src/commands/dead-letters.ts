import type { Revived } from '@zekt/contracts';
import type { Argv } from 'yargs';
import { queues, type QueueName } from '@zekt/core';
import type { Client } from '../client.ts';
import { limitOption, shortTime, show, table, type OutputOptions } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { listAll } from './list-all.ts';

const queueOption = { choices: queues, describe: 'Only of this queue' } as const;

/** Messages that the workers gave up on, and what is done about them. */
export function deadLetterCommands(cli: Argv, client: () => Client): Argv {
  return cli
    .command('dead-letter <command>', 'Messages that the workers gave up on', (yargs) =>
      yargs
        .command(
          'list',
          'List them, with the last reason',
          (own) => own.option('queue', queueOption).option('limit', limitOption),
          async (args) => listDeadLetters(client(), args as OutputOptions, args.queue, args.limit),
        )
        .command(
          'revive [queue] [message]',
          'Put one, or with --all every one of a queue or of all queues, back to be worked on',
          (own) =>
            own
              .positional('queue', { choices: queues, describe: 'Its queue' })
              .positional('message', { type: 'string', describe: 'Its id, as the list has it' })
              .option('all', { type: 'boolean', default: false, describe: 'Every one' })
              .example('$0 dead-letter revive --all --queue dispatch', 'after GitHub was away for long'),
          async (args) => {
            if (args.all) await reviveAll(client(), args as OutputOptions, args.queue);
            else await reviveOne(client(), args as OutputOptions, args.queue, args.message);
          },
        )
        .demandCommand(1, 'list or revive?'),
    )
    .command(
      'revive <queue> <message>',
      'The same as dead-letter revive',
      (yargs) =>
        yargs
          .positional('queue', { choices: queues, demandOption: true })
          .positional('message', { type: 'string', demandOption: true }),
      async (args) => reviveOne(client(), args as OutputOptions, args.queue, args.message),
    );
}

export async function listDeadLetters(
  client: Client,
  options: OutputOptions,
  queue: QueueName | undefined,
  limit: number,
): Promise<void> {
  const all = await listAll(client, 'listDeadLetters', {}, queue === undefined ? limit : 10_000);
  const dead = all.filter((it) => queue === undefined || it.queue === queue).slice(0, limit);
  show(dead, options, () =>
    table(
      ['QUEUE', 'MESSAGE', 'TRIES', 'SINCE', 'REASON'],
      dead.map((it) => [it.queue, it.id, String(it.deliveryCount), shortTime(it.deadAt), it.reason]),
    ),
  );
}

async function reviveOne(
  client: Client,
  options: OutputOptions,
  queue: QueueName | undefined,
  id: string | undefined,
): Promise<void> {
  if (queue === undefined || id === undefined)
    throw new UsageError('Which dead letter? Give its queue and its id, or --all. `zekt dead-letter list` has them.');
  const revived = await client('reviveDeadLetter', { body: { queue, id } });
  show(revived, options, () => `${revived.id} is back in ${revived.queue}`);
}

async function reviveAll(client: Client, options: OutputOptions, queue: QueueName | undefined): Promise<void> {
  const revived: Revived[] = [];
  for (const name of queue === undefined ? queues : [queue])
    revived.push(await client('reviveDeadLetters', { body: { queue: name } }));
  show(revived, options, () => revived.map((it) => `${it.queue}: ${it.revived} back`).join('\n'));
}
