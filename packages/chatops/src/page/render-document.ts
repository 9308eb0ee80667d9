import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { visibleText } from '../visible-text.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** A whole document. Nothing in it runs: it works without JavaScript. */
export async function renderDocument(title: string, body: Html): Promise<string> {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="stylesheet" href="/chatops/style.css" />
      </head>
      <body>
        <main>
          <p class="brand">Zekt approvals</p>
          <article>${body}</article>
        </main>
      </body>
    </html> `;
  return String(await page);
}

/** A page that only says something: the link is not valid, the sign-in failed. */
export const renderMessage = (heading: string, text: string): Promise<string> =>
  renderDocument(
    `${heading} - Zekt`,
    html`<h1>${heading}</h1>
      <p>${visibleText(text)}</p>`,
  );
