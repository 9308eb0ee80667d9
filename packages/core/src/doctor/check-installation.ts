import type { GitHubGateway } from '../ports/github.ts';
import { permissionsOfLoop, satisfies } from './app-needs.ts';
import { broken, fine, type Check, type Side } from './check.ts';

/** Whether the App can work for one repository, as GitHub says now. */
export async function checkInstallation(
  github: Pick<GitHubGateway, 'findInstallation'>,
  repository: string,
  side: Side,
): Promise<Check[]> {
  const installation = await github.findInstallation(repository);
  if (!installation) {
    return [
      broken(
        'installation',
        `The Zekt App is not installed on ${repository}, or there is no such repository.`,
        'Install the App on the repository: its page on GitHub, Install, select the repository.',
        side,
      ),
    ];
  }
  const { installationId, suspended, permissions } = installation;
  return [
    fine('installation', `The Zekt App is installed on ${repository} (installation ${installationId}).`, side),
    ...(suspended
      ? [
          broken(
            'suspended',
            'The installation is suspended: deliveries wait.',
            'An owner of the account unsuspends it under Settings, GitHub Apps.',
            side,
          ),
        ]
      : []),
    ...Object.entries(permissionsOfLoop).map(([name, level]) => {
      const granted = permissions[name];
      return satisfies(granted, level)
        ? fine(`permission ${name}`, `'${name}: ${granted ?? level}' is granted.`, side)
        : broken(
            `permission ${name}`,
            `'${name}: ${level}' is not granted (it is '${granted ?? 'none'}').`,
            `Set '${name}: ${level}' in the App's permissions; an owner of each account then accepts the change.`,
            side,
          );
    }),
  ];
}
