import type { NotificationEvent } from '../event/notification-event.ts';
import { isStatus, putStatus, readStatus, statusType } from './commit-status.ts';
import { findListed } from './find-listed.ts';
import { giteaProblems, giteaRequest, greetGitea, readGiteaAddress } from './gitea-api.ts';
import type { Exchange, ProviderConfig, ProviderType } from './provider-type.ts';
import { refused } from './request.ts';

const mostDescription = 255;

/** A commit status on Gitea or Forgejo; what is still going on is pending there. */
export const gitea: ProviderType = {
  type: 'gitea',
  needs: statusType.needs,
  gate: 'commitStatus',
  hasOwnAddress: true,
  isState: true,
  problems: giteaProblems,
  exchange: set,
};

function* set(event: NotificationEvent, config: ProviderConfig): Exchange {
  const repository = readGiteaAddress(config);
  if (!repository) return refused('The address names no repository.');
  const status = readStatus(event, config, mostDescription);
  if (!isStatus(status)) return status;
  const stranger = yield* greetGitea(config, repository);
  if (stranger) return stranger;
  const { sha, id: context, description, isError } = status;
  // What is still going on is pending, whatever has gone wrong on the way.
  const state = event.reason === 'Progressing' ? 'pending' : isError ? 'failure' : 'success';
  const { url } = repository;
  const statuses = {
    page: (number: number) =>
      giteaRequest('GET', `${url}/commits/${sha}/statuses?limit=50&page=${number}`, config, undefined, { text: '[]' }),
    wanted: 'the list of statuses',
  };
  return yield* putStatus({
    find: findListed(statuses, (it) => it.context === context),
    // Gitea reads `state` and answers with `status`.
    isSame: (known) => (known.status ?? known.state) === state && known.description === description,
    write: () =>
      giteaRequest(
        'POST',
        `${url}/statuses/${sha}`,
        config,
        { state, target_url: '', description, context },
        { status: 201 },
      ),
  });
}
