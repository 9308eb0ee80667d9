import type { Message, Receipt } from './send-message.ts';

export interface Report {
  readonly message: Message | null;
  readonly runUrl: string;
  readonly result:
    { readonly kind: 'sent'; readonly receipt: Receipt } | { readonly kind: 'failed'; readonly reason: string };
}

/** Text in a cell of a Markdown table. */
export const escape = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('|', '&#124;')
    .replaceAll('\n', '<br>')
    .replaceAll('`', '&#96;');

/** The job summary, in Markdown. Nothing of the payload but its size. */
export function renderSummary({ message, runUrl, result }: Report): string {
  const rows: [string, string][] = [];
  if (message) rows.push(['Event type', escape(message.eventType)]);
  if (result.kind === 'sent') {
    rows.push(['Event id', escape(result.receipt.eventId)], ['Consumers', escape(result.receipt.consumersNotified)]);
    const { undelivered } = result.receipt;
    if (undelivered) rows.push(['Nobody gets it', escape(undelivered.reason)], ['What to do', escape(undelivered.fix)]);
  }
  if (message) {
    rows.push(
      ['Run', `<a href="${escape(runUrl)}">${escape(message.runId)}</a>`],
      ['Payload', `${Buffer.byteLength(message.payload)} bytes`],
    );
  }
  if (result.kind === 'failed') rows.push(['Reason', escape(result.reason)]);
  const title = result.kind === 'sent' ? '### Zekt: message sent' : '### Zekt: message not sent';
  return [title, '', '| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`), '', ''].join('\n');
}
