import { describe, expect, test } from '@jest/globals';
import { repositoryRef } from '@zekt/core';
import fc from 'fast-check';
import type { ApprovalDocument } from '../approval/approval-document.ts';
import { prepareDispatch } from '../approval/client-payload.ts';
import { SigningKeys } from '../approval/signing-keys.ts';
import { asciiLine, subjectOf } from '../approval/subject.ts';
import { cardForms, cardOf } from './card-of.ts';
import { escapeLine, escapeText } from './escape-text.ts';
import { bytesOf, maxCardBytes } from './fit-card.ts';

const context = {
  keys: new SigningKeys([{ id: 'k', secret: new Uint8Array(32) }]),
  publicUrl: () => 'https://zekt.example',
};

const ref = repositoryRef('https://issuer.example', '101');

const question: ApprovalDocument = {
  id: `apr_${'0'.repeat(32)}`,
  state: 'pending',
  title: 'basket 2.4.1 to production',
  text: 'All tests passed.',
  environment: 'production',
  version: '2.4.1',
  facts: [{ name: 'Change', value: 'CHG-4711' }],
  policy: {
    approvers: [{ kind: 'github', id: '1', login: 'mona' }],
    quorum: 1,
    requesterMayApprove: false,
    requireRejectComment: false,
  },
  requester: {
    repository: 'acme/basket',
    ref,
    ownerId: '11',
    runId: '8123',
    runAttempt: 1,
    actor: 'octocat',
    actorId: '2',
  },
  requesterEntra: null,
  cancelWithRun: true,
  subscription: null,
  target: {
    repository: 'acme/basket',
    ref,
    ownerId: '11',
    installationId: '1',
    approved: prepareDispatch(undefined, '{"artefact":"basket"}', 'approved'),
    rejected: prepareDispatch(undefined, null, 'rejected'),
  },
  votes: [],
  claim: null,
  inDoubt: null,
  decision: null,
  dispatch: { tries: 0, status: null, reason: null, at: null },
  posting: null,
  createdAt: Date.UTC(2026, 10, 21, 10),
  expiresAt: Date.UTC(2026, 10, 22, 10),
  decidedAt: null,
  audited: 0,
};

/** Tokens are new each time. */
const withoutTokens = (card: object): unknown => JSON.parse(JSON.stringify(card).replace(/\?t=[\w.-]+/g, '?t=TOKEN'));

test('a MessageCard has the three buttons, each decision with an address of its own, and the time when it ends', () => {
  const id = question.id;
  expect(withoutTokens(cardOf(context, question, 'message'))).toEqual({
    '@type': 'MessageCard',
    '@context': 'https://schema.org/extensions',
    summary: 'Approval needed: basket 2.4.1 to production',
    themeColor: '0B5FFF',
    title: 'Approval needed',
    correlationId: expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
    sections: [
      {
        activityTitle: 'basket 2.4.1 to production',
        activitySubtitle: 'acme/basket, run 8123',
        text: 'All tests passed.',
        facts: [
          { name: 'Version', value: '2.4.1' },
          { name: 'Environment', value: 'production' },
          { name: 'Change', value: 'CHG-4711' },
          { name: 'Requested by', value: 'octocat' },
          { name: 'Expires', value: '2026-11-22 10:00 UTC' },
          {
            name: 'Payload SHA-256 if approved',
            value: question.target?.approved.payloadSha256.match(/.{16}/g)?.join(' '),
          },
        ],
      },
    ],
    potentialAction: [
      {
        '@type': 'HttpPOST',
        name: 'Approve',
        bodyContentType: 'application/json',
        body: '{}',
        target: `https://zekt.example/api/chatops/approvals/${id}/approve?t=TOKEN`,
      },
      {
        '@type': 'ActionCard',
        name: 'Reject',
        inputs: [
          {
            '@type': 'TextInput',
            id: 'reason',
            title: 'Reason (optional)',
            isMultiline: true,
            maxLength: 500,
            isRequired: false,
          },
        ],
        actions: [
          {
            '@type': 'HttpPOST',
            name: 'Reject now',
            bodyContentType: 'application/json',
            body: '{"as":"typed","comment":"{{reason.value}}"}',
            target: `https://zekt.example/api/chatops/approvals/${id}/reject?t=TOKEN`,
          },
        ],
      },
      {
        '@type': 'OpenUri',
        name: 'View in Zekt',
        targets: [{ os: 'default', uri: `https://zekt.example/chatops/approvals/${id}?t=TOKEN` }],
      },
    ],
  });
});

test('for Workflows the card is in an envelope and its only button opens the page', () => {
  expect(withoutTokens(cardOf(context, question, 'workflows'))).toMatchObject({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          actions: [{ type: 'Action.OpenUrl', url: `https://zekt.example/chatops/approvals/${question.id}?t=TOKEN` }],
        },
      },
    ],
  });
});

test('for Outlook the version is one in which Action.Http is not dropped', () => {
  const card = cardOf(context, question, 'outlook') as { version: string };
  expect(Number(card.version)).toBeLessThan(1.4);
  expect(JSON.stringify(card)).toContain('"Action.Http"');
});

test.each(['approved', 'rejected', 'expired', 'cancelled'] as const)(
  'a card of one that is %s has no button that decides',
  (state) => {
    for (const form of cardForms) {
      const text = JSON.stringify(cardOf(context, { ...question, state }, form));
      expect(text).not.toMatch(/HttpPOST|Action\.Http|\/approve\?|\/reject\?/);
      expect(text).toContain(state);
    }
  },
);

test('a card of a decision in doubt says so and why, and has no button that decides', () => {
  const doubtful: ApprovalDocument = {
    ...question,
    inDoubt: 'approved',
    dispatch: { tries: 1, status: 502, reason: 'GitHub answered 502', at: question.createdAt },
  };
  for (const form of cardForms)
    for (const state of ['pending', 'dispatching'] as const) {
      const text = JSON.stringify(cardOf(context, { ...doubtful, state }, form));
      expect(text).toContain('Approved, telling GitHub');
      expect(text).toContain('GitHub answered 502');
      expect(text).not.toMatch(/HttpPOST|Action\.Http|\/approve\?|\/reject\?|Approval needed/);
    }
  const given = JSON.stringify(cardOf(context, { ...doubtful, state: 'undelivered' }, 'message'));
  expect(given).toContain('Approved, GitHub was not told');
  expect(given).not.toContain('HttpPOST');
});

test('whatever people write, a card is small, is JSON, and shows what they wrote as text', () => {
  const wild = fc.string({ unit: 'binary', maxLength: 300 });
  const anything = fc.record({
    title: fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
    text: fc.string({ unit: 'binary', maxLength: 2000 }),
    facts: fc.array(fc.record({ name: fc.string({ unit: 'binary', maxLength: 60 }), value: wild }), { maxLength: 20 }),
  });
  fc.assert(
    fc.property(anything, (changes) => {
      for (const form of cardForms) {
        const card = cardOf(context, { ...question, ...changes }, form);
        expect(bytesOf(card)).toBeLessThanOrEqual(maxCardBytes + 500);
        const braces = JSON.stringify(card).replaceAll('{{reason.value}}', '');
        expect(braces).not.toContain('{{');
      }
    }),
    { numRuns: 300, seed: 4 },
  );
});

describe('text', () => {
  test.each([
    ['*bold* _it_ `code` [x](http://e) ~s~', '\\*bold\\* \\_it\\_ \\`code\\` \\[x\\](http://e) \\~s\\~'],
    ['<b>&</b>', '&lt;b&gt;&amp;&lt;/b&gt;'],
    ['# title', '\\# title'],
    ['1. one', '1\\. one'],
    ['- item', '\\- item'],
    ['2.4.1', '2.4.1'],
    ['a\u202eb\u200bc\u0007d', 'a⟨U+202E⟩b⟨U+200B⟩c⟨U+0007⟩d'],
    ['😀 👨‍👩‍👧 ❤️', '😀 👨‍👩‍👧 ❤️'],
  ])('%j becomes %j in a card', (text, escaped) => {
    expect(escapeText(text)).toBe(escaped);
  });

  test('a line has no line break', () => {
    expect(escapeLine(' a\r\n b\t c ')).toBe('a b c');
  });

  test('a header gets one line of printable ASCII, whatever was written', () => {
    expect(asciiLine('Grüße\r\nX-Evil: 1 → ok 😀', 100)).toBe(
      'Gruße X-Evil: 1 ok'.replace('ß', ' ').replace('  ', ' '),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (title) => {
        expect(subjectOf({ ...question, title })).toMatch(/^[\x20-\x7e]{1,160}$/);
      }),
      { seed: 4 },
    );
  });
});
