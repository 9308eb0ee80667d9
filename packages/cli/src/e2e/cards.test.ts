import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, takePicture } from './browser.ts';
import { openFixture, type Fixture } from './fixture.ts';

// The cards as Microsoft's own renderer takes them, in a real browser.

const renderer = fileURLToPath(import.meta.resolve('adaptivecards')).replace(/lib\/.*$/, 'dist/adaptivecards.min.js');
/** What the renderer turns Markdown into HTML with, as Teams does. */
const markdown = fileURLToPath(import.meta.resolve('markdown-it')).replace(
  /[^/]*\/[^/]*$/,
  'dist/browser/markdown-it.umd.min.js',
);

let world: Fixture;
let browser: Browser;

beforeAll(async () => {
  world = await openFixture();
  browser = await openBrowser();
  world.github.world.user('mona');
});
afterAll(async () => {
  await browser.close();
  await world.stop();
});

interface Rendered {
  readonly parseEvents: readonly string[];
  readonly failures: readonly string[];
  readonly text: string;
}

/** Parses, validates and renders; what the renderer complains about comes back. */
async function render(page: Page, card: object): Promise<Rendered> {
  await page.setContent('<body style="margin:1rem;max-width:36rem"></body>');
  for (const script of [markdown, renderer]) await page.addScriptTag({ content: await readFile(script, 'utf8') });
  return page.evaluate<Rendered>(`(() => {
    const payload = ${JSON.stringify(card)};
    const context = new AdaptiveCards.SerializationContext(AdaptiveCards.Versions.latest);
    const card = new AdaptiveCards.AdaptiveCard();
    card.parse(payload, context);
    const parseEvents = [];
    for (let at = 0; at < context.eventCount; at += 1) parseEvents.push(context.getEventAt(at).message);
    const failures = card.validateProperties().validationEvents.map(({ message }) => message);
    document.body.appendChild(card.render());
    return { parseEvents, failures, text: document.body.innerText };
  })()`);
}

async function cardOf(form: string, changes: object = {}): Promise<object> {
  const { body } = await world.post(world.startRun(), '/api/approvals', {
    title: 'basket 2.4.1 to production',
    text: 'All tests passed.\nThe database is not touched.',
    environment: 'production',
    version: '2.4.1',
    facts: [{ name: 'Change', value: 'CHG-4711' }],
    policy: { approvers: [{ github: 'mona' }] },
    onApprove: { payload: { artefact: 'basket' } },
    ...changes,
  });
  return world.client('getApprovalCard', { params: { id: String(body.id) }, query: { form } });
}

test('the card for Workflows is valid and shows what is asked', async () => {
  const page = await browser.newPage();
  const rendered = await render(page, await cardOf('adaptive'));
  expect([rendered.parseEvents, rendered.failures]).toEqual([[], []]);
  for (const text of [
    'Approval needed: basket 2.4.1 to production',
    'CHG-4711',
    'All tests passed.',
    'Review and decide',
  ])
    expect(rendered.text).toContain(text);
  await takePicture(page, 'adaptive-card');
});

test('the card for Outlook is valid but for Action.Http, which is its own', async () => {
  const page = await browser.newPage();
  const { parseEvents, failures } = await render(page, await cardOf('outlook'));
  expect(failures).toEqual([]);
  for (const event of parseEvents) expect(event).toContain('Action.Http');
});

test('what people write is shown as they wrote it', async () => {
  const page = await browser.newPage();
  const wild = '**not bold** [no link](http://evil.example) <b>no tag</b> {{DATE(2026-11-22T10:00:00Z,SHORT)}}';
  const { text } = await render(
    page,
    await cardOf('adaptive', { title: wild, facts: [{ name: 'Wild', value: wild }] }),
  );
  expect(text).toContain(wild.replace('{{', '{\u200a{'));
  expect(await page.locator('a, b, strong, img').count()).toBe(0);
  await takePicture(page, 'wild-card');
});
