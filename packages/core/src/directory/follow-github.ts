import type { DirectoryWork } from '../hints.ts';
import { complete, done, type Handler } from '../ports/bus.ts';
import { followInstallation } from './follow-installation.ts';
import type { FollowContext } from './follow-context.ts';
import { followRepository } from './follow-repository.ts';

/** Keeps installations, repositories, and the rights that hang on their owners, as GitHub says they are. Each write may be repeated. */
export function followGitHub(context: FollowContext): Handler {
  return async ({ body }) => {
    const fact = body as DirectoryWork;
    if (fact.kind === 'repository') {
      await followRepository(context, fact);
      return async () => done;
    }
    const messages = await followInstallation(context, fact);
    return async () => ({ messages, settlement: complete });
  };
}
