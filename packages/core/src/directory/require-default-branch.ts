import { ZektError } from '../errors.ts';
import { isPullRequestRun, type WorkflowIdentity } from '../identity/workflow-identity.ts';
import type { GitHubGateway, KnownRepository } from '../ports/github.ts';

/**
 * A workflow manages what is its repository's only from the default branch: whoever may push there speaks for the repository, whoever
 * may open a branch or a pull request does not.
 *
 * @throws ZektError `repository_not_enabled` or `not_default_branch`
 */
export async function requireDefaultBranch(
  github: Pick<GitHubGateway, 'findRepository'>,
  identity: WorkflowIdentity,
): Promise<KnownRepository> {
  const known = await github.findRepository(identity.repository);
  // Another repository may have taken the name since the token was made.
  if (known?.id !== identity.repositoryId || known.ownerId !== identity.repositoryOwnerId) {
    throw new ZektError(
      'repository_not_enabled',
      `Repository not enabled in Zekt: install the Zekt GitHub App on '${identity.repository}'.`,
    );
  }
  const wanted = `refs/heads/${known.defaultBranch}`;
  if (identity.ref !== wanted || isPullRequestRun(identity)) {
    throw new ZektError(
      'not_default_branch',
      `Only runs on the default branch (${wanted}) may do this; this one is a '${identity.eventName}' on ${identity.ref}.`,
    );
  }
  return known;
}
