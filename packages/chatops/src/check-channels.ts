import { broken, fine, type Check, type DocumentStore, type Secrets } from '@zekt/core';
import { getChannelState } from './channel-state.ts';
import { allChannels, type ChannelDocument } from './channel.ts';

interface ChannelContext {
  readonly store: DocumentStore;
  readonly secrets: Pick<Secrets, 'get'>;
}

/** Whether cards reach their channels, by what came of the last one. Posts nothing. */
export async function checkChannels(context: ChannelContext): Promise<readonly Check[]> {
  const channels = await allChannels(context.store);
  if (channels.length === 0)
    return [fine('channels', 'No channel for approvals is set up: people decide on the page.')];
  return Promise.all(channels.map((channel) => checkChannel(context, channel)));
}

async function checkChannel({ store, secrets }: ChannelContext, { name, urlSecret }: ChannelDocument): Promise<Check> {
  const id = `channel ${name}`;
  const fix = `Make a new webhook URL in the channel, and put it in: zekt secrets set ${urlSecret}`;
  const url = await secrets.get(urlSecret);
  if (url === null) return broken(id, `The channel ${name} has no URL: there is no secret '${urlSecret}'.`, fix);
  if (!URL.canParse(url)) return broken(id, `The secret '${urlSecret}' of the channel ${name} holds no URL.`, fix);
  const state = await getChannelState(store, name);
  if (state?.reason)
    return broken(id, `The last card could not be posted to the channel ${name}: ${state.reason}`, fix);
  return fine(id, `The channel ${name} takes cards, as far as is known.`);
}
