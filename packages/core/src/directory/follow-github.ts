import { done, type Handler } from '../ports/bus.ts';
import { followInstallation } from './follow-installation.ts';
import type { FollowContext, InstallationFact, RepositoryFact } from './follow-context.ts';
import { followRepository } from './follow-repository.ts';

/** Keeps installations, repositories, and the rights that hang on their owners, as GitHub says they are. Each write may be repeated. */
export function followGitHub(context: FollowContext): Handler {
  return async ({ body }) => {
    const fact = body as InstallationFact | RepositoryFact;
    await (fact.kind === 'installation' ? followInstallation(context, fact) : followRepository(context, fact));
    return async () => done;
  };
}
