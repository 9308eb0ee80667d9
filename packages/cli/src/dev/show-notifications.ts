import type { TeamsSimulator } from '@zekt/simulator';
import { notificationTable } from '../commands/notifications.ts';
import { paint } from '../output.ts';
import type { DevWorld } from './dev-world.ts';
import { line, quote, until } from './narrate.ts';

/** What was sent is what arrived. */
export async function showNotifications({ slack, teams, client }: DevWorld): Promise<void> {
  await until(() => slack.messages.length >= 4 && notificationsIn(teams).length > 0, 'the notifications');
  for (const { channel, attachments } of slack.messages)
    line(`Slack #${channel}: ${paint('bold', attachments[0]?.author_name ?? '')} ${attachments[0]?.text ?? ''}`);
  for (const texts of notificationsIn(teams)) line(`Teams: ${paint('bold', texts[0] ?? '')} ${texts[1] ?? ''}`);
  quote(notificationTable((await client('listNotifications')).items));
}

/** Title and message of the cards that tell something; those that ask are of another form. */
const notificationsIn = ({ cards }: TeamsSimulator): string[][] =>
  cards.flatMap(({ card }) => {
    const [container] = (card.body ?? []) as { type?: string; items?: { text?: string }[] }[];
    return container?.type === 'Container' ? [(container.items ?? []).flatMap(({ text }) => text ?? [])] : [];
  });
