import { readFileSync } from 'node:fs';
import type { Argv } from 'yargs';
import { parseAllDocuments, stringify } from 'yaml';
import type { Client } from '../client.ts';
import { print, show } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { objectParams } from './notifications.ts';

/** What `-` stands for: the argument parser would take a lone hyphen for something else. */
export const standardInput = '<standard input>';

/** Resources of YAML files, in order. */
export function readResources(files: readonly string[]): object[] {
  return files.flatMap((file) => {
    const documents = parseAllDocuments(readText(file), { prettyErrors: true });
    return documents.flatMap((document) => {
      const [error] = document.errors;
      if (error) throw new UsageError(`${file}: ${error.message}`);
      const value = document.toJS() as unknown;
      if (value === null || value === undefined) return [];
      if (typeof value !== 'object' || Array.isArray(value))
        throw new UsageError(`${file}: each document must be a resource with apiVersion, kind, metadata and spec`);
      return [value];
    });
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file === standardInput ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `${file}: ${error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : String(error)}`,
    );
  }
}

export function resourceCommands(cli: Argv, client: () => Client): Argv {
  return cli
    .command(
      'apply',
      'Make the stored resources equal to those in YAML files; in a job of a workflow, those of its repository',
      (yargs) =>
        yargs
          .option('file', {
            alias: 'f',
            type: 'string',
            array: true,
            demandOption: true,
            describe: 'YAML file, - for standard input',
          })
          .option('dry-run', { type: 'boolean', default: false, describe: 'Only show what would change' })
          .example('$0 apply -f zekt.yaml', 'apply all resources of a file')
          .example('$0 apply -f a.yaml b.yaml --dry-run', 'show the difference'),
      async (args) => {
        const answer = await client()('applyResources', {
          body: { resources: readResources(args.file), dryRun: args.dryRun },
        });
        show(answer, args as { json?: boolean }, () =>
          answer.results
            .map(({ kind, name, action, changes }) =>
              [
                `${kind} ${name}: ${action}${answer.dryRun ? ' (dry run)' : ''}`,
                ...(action === 'created' ? [] : changes.map((change) => `  ${change}`)),
              ].join('\n'),
            )
            .join('\n'),
        );
      },
    )
    .command(
      'get <kind> [name]',
      'Print resources as YAML',
      (yargs) =>
        yargs
          .positional('kind', {
            choices: [
              'service',
              'services',
              'subscription',
              'subscriptions',
              'channels',
              'identities',
              'providers',
              'alerts',
              'targets',
              'executions',
            ] as const,
            demandOption: true,
          })
          .positional('name', { type: 'string', describe: 'owner/name of a service, or name of a subscription' })
          .example('$0 get service acme/order-infrastructure', 'one service')
          .example('$0 get subscriptions > subscriptions.yaml', 'all subscriptions'),
      async (args) => {
        const found = await getResources(client(), args.kind.replace(/ies$/, 'y').replace(/s$/, ''), args.name);
        show(found, args as { json?: boolean }, () =>
          found
            .map((resource) => stringify(resource))
            .join('---\n')
            .trimEnd(),
        );
      },
    )
    .command(
      'delete <kind> <name>',
      'Remove a resource',
      (yargs) =>
        yargs
          .positional('kind', {
            choices: ['service', 'subscription', 'channel', 'identity', 'provider', 'alert'] as const,
            demandOption: true,
          })
          .positional('name', { type: 'string', demandOption: true })
          .example('$0 delete subscription platform-builds-orders', 'revoke and remove'),
      async ({ kind, name }) => {
        if (kind === 'service') await client()('deleteService', { params: serviceParams(name) });
        else if (kind === 'channel') await client()('deleteChannel', { params: { name } });
        else if (kind === 'identity') await client()('deleteIdentity', { params: { name } });
        else if (kind === 'provider') await client()('deleteProvider', { params: objectParams(name) });
        else if (kind === 'alert') await client()('deleteAlert', { params: objectParams(name) });
        else await client()('deleteSubscription', { params: { id: name } });
        print(`${kind} ${name}: removed`);
      },
    );
}

export function serviceParams(id: string): { owner: string; name: string } {
  const [owner, name, ...rest] = id.split('/');
  if (!owner || !name || rest.length > 0) throw new UsageError(`a service is named owner/name; got '${id}'`);
  return { owner, name };
}

async function getResources(client: Client, kind: string, name: string | undefined): Promise<object[]> {
  const { listAll } = await import('./list-all.ts');
  if (kind === 'provider') return listAll(client, 'listProviders', {}, 10_000);
  if (kind === 'alert') return listAll(client, 'listAlerts', {}, 10_000);
  if (kind === 'target') return (await client('searchHookTargets')).items;
  if (kind === 'execution') return (await client('searchHookExecutions')).items;
  if (kind === 'identity') return listAll(client, 'listIdentities', {}, 10_000);
  if (kind === 'channel') return listAll(client, 'listChannels', {}, 10_000);
  if (kind === 'service') {
    return name === undefined
      ? listAll(client, 'listServices', {}, 10_000)
      : [await client('getService', { params: serviceParams(name) })];
  }
  return name === undefined
    ? listAll(client, 'listSubscriptions', {}, 10_000)
    : [await client('getSubscription', { params: { id: name } })];
}
