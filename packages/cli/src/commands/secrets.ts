import { readFileSync } from 'node:fs';
import type { Argv } from 'yargs';
import type { Client } from '../client.ts';
import { print, show, type OutputOptions } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { listAll } from './list-all.ts';

/** From standard input: an argument would be seen in the list of processes and kept in the shell's history. */
function readValue(): string {
  const value = readFileSync(0, 'utf8').replace(/\r?\n$/, '');
  if (value === '') throw new UsageError('Give the value on standard input: zekt secrets set NAME < FILE');
  return value;
}

export function secretCommands(cli: Argv, client: () => Client): Argv {
  return cli.command(
    'secrets [change] [name]',
    'List the names of secrets, or set (from standard input) or remove one',
    (yargs) =>
      yargs
        .positional('change', { choices: ['set', 'remove'] as const })
        .positional('name', { type: 'string' })
        .check(({ change, name }) => change === undefined || name !== undefined || 'Which secret? Give its name.')
        .example('$0 secrets set release-url < url.txt', 'keep the address of a channel'),
    async ({ change, name = '', ...args }) => {
      if (change === 'set') {
        await client()('putSecret', { params: { name }, body: { value: readValue() } });
        print(`secret ${name}: kept`);
      } else if (change === 'remove') {
        await client()('deleteSecret', { params: { name } });
        print(`secret ${name}: removed`);
      } else {
        const secrets = await listAll(client(), 'listSecrets', {}, 10_000);
        show(secrets, args as OutputOptions, () => secrets.map((secret) => secret.name).join('\n'));
      }
    },
  );
}
