import { getRepository, ZektError, type DocumentStore, type RepositoryRef } from '@zekt/core';
import type { ChannelDocument } from '../channel.ts';

/** A repository in whose name GitHub is asked, by the installation that is on it. */
export interface Asker {
  readonly ref: RepositoryRef;
  /** Login of its owner. */
  readonly owner: string;
  readonly installationId: string;
}

/**
 * Which repository's installation tells who is in a team, and pays for it: that of whoever asks, where the team is of the same organisation.
 * Another organisation's only where the channel lists a repository of it: so it takes part in what is asked there.
 *
 * @param channel in which the asker may ask, if people are asked in one
 * @throws ZektError `invalid_body` where there is none
 */
export async function seerOfTeam(
  store: Pick<DocumentStore, 'get'>,
  team: string,
  asker: Asker | null,
  channel: ChannelDocument | null,
): Promise<{ readonly ref: RepositoryRef; readonly installationId: string }> {
  const organisation = (team.split('/')[0] ?? '').toLowerCase();
  if (asker?.owner.toLowerCase() === organisation) return asker;
  for (const { ref, fullName } of channel?.repositories ?? []) {
    if (!fullName.toLowerCase().startsWith(`${organisation}/`)) continue;
    const known = await getRepository(store, ref);
    // Its owner may be another since it was listed.
    if (known?.installationId && known.owner.toLowerCase() === organisation)
      return { ref, installationId: known.installationId };
  }
  throw new ZektError(
    'invalid_body',
    asker
      ? `Invalid policy: the team '${team}' is of another organisation than ${asker.owner}. Ask in a channel that lists a repository of that organisation, too.`
      : `Invalid policy: name a 'repository' of the organisation with the Zekt App, so that GitHub can be asked who is in the team '${team}'.`,
  );
}
