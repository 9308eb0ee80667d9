import { ZektError } from '../errors.ts';
import { repositoryRef } from '../identity/keys.ts';
import { isPullRequestRun, speaksFor, type WorkflowIdentity } from '../identity/workflow-identity.ts';
import type { GitHubGateway, KnownRepository } from '../ports/github.ts';

/**
 * A workflow manages what is its repository's only from the default branch: whoever may push there speaks for the repository, whoever
 * may open a branch or a pull request does not.
 *
 * @param issuer of the App's GitHub: repositories of another are not its
 * @throws ZektError `repository_not_enabled` or `not_default_branch`
 */
export async function requireDefaultBranch(
  { github, issuer }: { readonly github: Pick<GitHubGateway, 'findRepository'>; readonly issuer: string },
  identity: WorkflowIdentity,
): Promise<KnownRepository> {
  const known = identity.issuer === issuer ? await github.findRepository(identity.repository) : null;
  // Another repository may have taken the name since the token was made.
  if (!known || !speaksFor(identity, repositoryRef(issuer, known.id), known.ownerId)) {
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
