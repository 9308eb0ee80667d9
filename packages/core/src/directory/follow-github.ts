import type { DirectoryWork } from '../hints.ts';
import { complete, done, type Handler } from '../ports/bus.ts';
import type { FollowContext } from './follow-context.ts';
import { followInstallation } from './follow-installation.ts';
import { followRepository } from './follow-repository.ts';

/**
 * Keeps installations, repositories, and the rights that hang on their owners, as GitHub says they are. What the message names is in it;
 * each write may be repeated.
 */
export function followGitHub(context: FollowContext): Handler {
  return async ({ body }) => {
    const work = body as DirectoryWork;
    if (work.kind === 'installation') {
      const messages = await followInstallation(context, work);
      return async () => ({ messages, settlement: complete });
    }
    await followRepository(context, work);
    return async () => done;
  };
}
