import type { AppInstallation } from '../ports/github-app.ts';
import { permissionsOfLoop, satisfies } from './app-needs.ts';
import { broken, fine, type Check } from './check.ts';

/** What keeps the App from working for an account where it is installed. Only that account's owners can change it. */
export function checkInstallations(installations: readonly AppInstallation[]): Check[] {
  const problems = installations.flatMap(problemsOf);
  const summary = fine('installations', `The App is installed on ${installations.length} account(s).`);
  return [summary, ...problems];
}

function problemsOf({ account, suspended, permissions }: AppInstallation): Check[] {
  const id = `installation ${account}`;
  if (suspended)
    return [
      broken(
        id,
        `The installation on '${account}' is suspended: its deliveries wait.`,
        `An owner of '${account}' unsuspends it: Settings, GitHub Apps.`,
        'theirs',
      ),
    ];
  const missing = Object.entries(permissionsOfLoop)
    .filter(([name, level]) => !satisfies(permissions[name], level))
    .map(([name, level]) => `'${name}: ${level}'`);
  return missing.length === 0
    ? []
    : [
        broken(
          id,
          `The installation on '${account}' lacks ${missing.join(', ')}.`,
          `An owner of '${account}' accepts the App's new permissions: Settings, GitHub Apps, Review request.`,
          'theirs',
        ),
      ];
}
