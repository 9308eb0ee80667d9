import type { Message, Receipt } from './send-message.ts';

export interface Report {
  readonly message: Message | null;
  readonly runUrl: string;
  readonly result:
    { readonly kind: 'sent'; readonly receipt: Receipt } | { readonly kind: 'failed'; readonly reason: string };
}

const entity = (character: string): string => `&#${character.charCodeAt(0)};`;

/**
 * Text in a cell of a Markdown table, and nothing but text: no mark-up, link, picture or new row. A character written as an entity has no
 * meaning for Markdown (CommonMark, section 2.5).
 */
export const escape = (text: string): string =>
  text
    .replace(/[&<>"'|`[\]!*_~\\]/g, entity)
    .replaceAll('://', '&#58;//')
    .replace(/\r\n|[\r\n\u0085\u2028\u2029]/g, '<br>');

/** A link that leads to a page and to nothing else. */
export const link = (url: string, text: string): string => {
  const parsed = URL.parse(url);
  const isPage = parsed?.protocol === 'https:' || parsed?.protocol === 'http:';
  return isPage ? `<a href="${parsed.href.replace(/[&<>"'|`[\]!*_~\\]/g, entity)}">${escape(text)}</a>` : escape(text);
};

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
    rows.push(['Run', link(runUrl, message.runId)], ['Payload', `${Buffer.byteLength(message.payload)} bytes`]);
  }
  if (result.kind === 'failed') rows.push(['Reason', escape(result.reason)]);
  const title = result.kind === 'sent' ? '### Zekt: message sent' : '### Zekt: message not sent';
  return [title, '', '| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`), '', ''].join('\n');
}
