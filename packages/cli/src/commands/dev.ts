import type { Argv } from 'yargs';
import { storyPort, usualPort } from '../dev/story-port.ts';

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
        .option('port', {
          type: 'number',
          describe: `Where Zekt listens; 0 for any [default: ${usualPort} if it is free, with --once any]`,
        })
        .example('$0 dev --once', 'for a check'),
    async ({ once, port }) => {
      const { playStory } = await import('../dev/story.ts');
      await playStory({ once, port: await storyPort({ port, once }) });
    },
  );
}
