import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { NotificationEvent } from '../event/notification-event.ts';
import { config, nowMs, sha } from '../testing/play.ts';
import { startExchange, type ProviderConfig } from './provider-type.ts';
import { providerTypes } from './table.ts';

// Event types, names of repositories, reasons and metadata are written by workflows of anybody. In a chat of somebody else they call nobody,
// open no tag and hide no address behind a text, whatever field they come in and whatever stands next to it.

const chats = [
  'slack',
  'discord',
  'rocket',
  'msteams',
  'googlechat',
  'webex',
  'lark',
  'matrix',
  'telegram',
  'zulip',
  'zoom',
];
const comments = ['githubpullrequestcomment', 'gitlabmergerequestcomment', 'giteapullrequestcomment'];

/** What would be mark-up to one service or another. */
const markup = [
  '<!channel>',
  '<!here|x>',
  '<@U012AB3CD>',
  '<#C012AB3CD>',
  '<https://evil.io|sign in>',
  '@everyone',
  '@here',
  '@room',
  '@alice',
  'x@everyone',
  '@**all**',
  '@_**alice|7**',
  '<@&123>',
  '<at id=all></at>',
  '<at>alice</at>',
  '<users/all>',
  '<a href="https://evil.io">x</a>',
  '</font>',
  '<@all>',
  '<@personEmail:a@acme.io>',
  '[sign in](https://evil.io)',
  '![](https://evil.io/pixel)',
  '[sign in][a]',
  '[a]: https://evil.io',
  '[a]',
  '<',
  '@',
  ']',
  '(https://evil.io)',
  '<!-- flux-pr-comment-key:uid/A/b/c -->',
  '-->',
  '--',
];
const hostile = fc.array(fc.oneof(fc.constantFrom(...markup), fc.constantFrom(' ', '\n', 'a', '.')), {
  minLength: 1,
  maxLength: 5,
});
const hostileText = hostile.map((parts) => parts.join(''));

const hostileEvent: fc.Arbitrary<NotificationEvent> = fc
  .record({
    kind: hostileText,
    namespace: hostileText,
    name: hostileText,
    message: hostileText,
    reason: hostileText,
    metadata: fc.dictionary(hostileText, hostileText, { maxKeys: 3 }),
    severity: fc.constantFrom('info' as const, 'error' as const),
  })
  .map(({ kind, namespace, name, metadata, ...rest }) => ({
    ...rest,
    involvedObject: { kind, namespace, name },
    timestamp: '2031-02-03T04:05:06Z',
    metadata: { ...metadata, revision: `main@sha1:${sha}`, change_request: '7' },
    reportingController: 'zekt',
  }));

/** What no text may hold that a service reads as mark-up. */
const dangerous: Readonly<Record<string, RegExp>> = {
  slack: /[<>]|&(?!amp;|lt;|gt;)/,
};
const dangerousElsewhere =
  /<(?!font color="#ff0000">|\/font>$)[A-Za-z/!@#?&]|\][([:]|(?<![\p{L}\p{N}_.-])@[\p{L}\p{N}_*]|@(?:all|channel|everyone|here|room|team)(?![\p{L}\p{N}])/iu;

const settings: Readonly<Record<string, Partial<ProviderConfig>>> = {
  githubpullrequestcomment: { address: 'https://github.com/a/b' },
  gitlabmergerequestcomment: { address: 'https://gitlab.com/a/b' },
  giteapullrequestcomment: { address: 'https://gitea.io/a/b' },
  zulip: { channel: 'a/b' },
};

/** Every text of the last request's body, as its receiver reads it. */
function textsOf(type: string, event: NotificationEvent): string[] {
  const found = providerTypes.get(type);
  if (!found) throw new Error(type);
  const base = { address: 'https://acme.io/hook', channel: 'c', token: 't', username: 'u', password: 'p' };
  const exchange = startExchange(found, event, config(type, { ...base, ...settings[type] }), nowMs);
  let body = '';
  let step = exchange.next();
  while (step.done !== true) {
    body = String(step.value.body);
    step = exchange.next({ status: 200, headers: {}, text: '', ...step.value.assumed, at: nowMs });
  }
  if (type === 'zulip') return [new URLSearchParams(body).get('content') ?? ''];
  const texts: string[] = [];
  JSON.parse(body, (key, value: unknown) => {
    if (typeof value === 'string' && !/^(?:\$schema|@context)$/.test(key))
      texts.push(comments.includes(type) ? value.slice(value.indexOf('-->') + 3) : value);
    return value;
  });
  return texts;
}

describe.each([...chats, ...comments])('%s', (type) => {
  test('finds no mark-up in any text of an event', () => {
    fc.assert(
      fc.property(hostileEvent, (event) => {
        for (const text of textsOf(type, event)) expect(text).not.toMatch(dangerous[type] ?? dangerousElsewhere);
      }),
      { numRuns: 100 },
    );
  });

  test('shows what needs no escape as it is', () => {
    const message = `Applied main@sha1:${sha} for bob at 1 < 2, done [x] (y)`;
    const event: NotificationEvent = {
      involvedObject: { kind: 'Run', namespace: 'acme', name: 'requests' },
      severity: 'info',
      timestamp: '2031-02-03T04:05:06Z',
      message,
      reason: 'RunSucceeded',
      metadata: { change_request: '7' },
      reportingController: 'zekt',
    };
    const shown: Readonly<Record<string, string>> = {
      slack: message.replace('<', '&lt;'),
      telegram: message.replace(/[().=[\]<>-]/g, (it) => (it === '<' ? it : `\\${it}`)),
    };
    const texts = textsOf(type, event).join('\n');
    expect(texts).toContain(shown[type] ?? message);
  });
});

test.each([['msteams', 'https://acme.webhook.office.com/x']])('%s at %s finds none either', (type, address) => {
  const found = providerTypes.get(type);
  fc.assert(
    fc.property(hostileEvent, (event) => {
      if (!found) throw new Error(type);
      const { value } = startExchange(found, event, config(type, { address }), nowMs).next();
      const { sections } = JSON.parse((value as { body: string }).body) as { sections: object };
      expect(JSON.stringify(sections)).not.toMatch(/<[A-Za-z/!@]|\][([]/);
    }),
    { numRuns: 50 },
  );
});

test('services that can be told so are told that a message calls nobody', () => {
  const event = { message: '@everyone' } as unknown as NotificationEvent;
  const bodyOf = (type: string): string => {
    const found = providerTypes.get(type);
    if (!found) throw new Error(type);
    const base = { address: 'https://acme.io/hook', channel: 'c', token: 't' };
    const full = {
      ...event,
      involvedObject: {},
      severity: 'info',
      reason: '',
      timestamp: null,
      reportingController: '',
    };
    const { value } = startExchange(found, full as NotificationEvent, config(type, base), nowMs).next();
    return (value as { body: string }).body;
  };
  expect(JSON.parse(bodyOf('discord'))).toMatchObject({ allowed_mentions: { parse: [] } });
  expect(JSON.parse(bodyOf('matrix'))).toHaveProperty(['m.mentions'], {});
});
