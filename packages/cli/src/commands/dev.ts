import type { Argv } from 'yargs';

export function devCommand(cli: Argv): Argv {
  return cli.command(
    'dev',
    'Zekt and GitHub on this machine: plays the story of the README',
    (yargs) =>
      yargs
        .option('once', {
          type: 'boolean',
          default: false,
          describe: 'Stop after the story: 0 if it went well, 1 if not',
        })
        .example('$0 dev --once', 'for a check'),
    async ({ once }) => {
      const { playStory } = await import('../dev/story.ts');
      await playStory({ once });
    },
  );
}
