import { isError, objectLine } from '../event/describe.ts';
import { sortedEntries, type NotificationEvent } from '../event/notification-event.ts';

export interface SlackStyle {
  readonly channel: string;
  readonly username: string;
  readonly colours: { readonly error: string; readonly other: string };
  readonly fallback: string;
}

/** The body that Slack, Discord and Rocket.Chat share. */
export const slackBody = (
  event: NotificationEvent,
  message: string,
  { channel, username, colours, fallback }: SlackStyle,
): object => ({
  channel,
  username,
  icon_url: '',
  icon_emoji: '',
  attachments: [
    {
      fallback,
      color: isError(event) ? colours.error : colours.other,
      author_name: objectLine(event),
      text: message,
      mrkdwn_in: ['text'],
      fields: sortedEntries(event.metadata).map(([title, value]) => ({ title, value, short: false })),
    },
  ],
});
