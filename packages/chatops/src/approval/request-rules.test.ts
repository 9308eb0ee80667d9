import { describe, expect, test } from '@jest/globals';
import type { ApprovalDocument } from './approval-document.ts';
import { decisionPayload, prepareDispatch, sha256 } from './client-payload.ts';
import { refuseConfusedEvents } from './confused-events.ts';
import { refuseOwnLabels } from './own-labels.ts';

const fact = (name: string) => [{ name, value: 'ada' }];

describe('a fact', () => {
  test.each([
    'Requested by',
    'requested  BY',
    'Requested\u200b by',
    ' Requested_by:',
    'Payload SHA-256',
    'PAYLOAD sha 256',
    'Approvals',
    'approv\u00adals',
    'Sends if approved',
    '\u3164State',
    'Ｓｔａｔｅ',
    '𝗦𝘁𝗮𝘁𝗲',
    'Аpprovals',
    'Αpprovals',
    'АРРRОVАLЅ',
    'approvaIs',
    'Approva1s',
    'ЕХРІRЕЅ',
    'Εxpιres',
    'REQUESTED ВY',
    'Requested bу',
    'ᴄᴏᴍᴍᴇɴᴛ',
    'Cornment',
    'Ѕtate\u200d',
    'Pаylоаd SHA-256',
    'Payload SHA-25б',
  ])('named %j is refused: it could pass for one of Zekt', (name) => {
    expect(() => refuseOwnLabels(fact(name))).toThrow(expect.objectContaining({ code: 'invalid_body' }));
  });

  test.each([
    'Change',
    'Risk',
    'Requested changes',
    'State of tests',
    'Version',
    'Environment',
    'Одобрения',
    'Έγκριση',
    '状態',
  ])('named %j is taken', (name) => {
    expect(() => refuseOwnLabels(fact(name))).not.toThrow();
  });
});

describe('the event type', () => {
  const pair = (onApprove?: string, onReject?: string) => ({
    approved: prepareDispatch(onApprove === undefined ? undefined : { eventType: onApprove }, null, 'approved'),
    rejected: prepareDispatch(onReject === undefined ? undefined : { eventType: onReject }, null, 'rejected'),
  });

  test.each([
    ['deploy', 'deploy'],
    ['deploy', ' Deploy '],
  ])('of an approval %j and of a rejection %j are confused, and refused', (onApprove, onReject) => {
    expect(() => refuseConfusedEvents(pair(onApprove, onReject))).toThrow(
      expect.objectContaining({ code: 'invalid_body', message: expect.stringContaining('tells of an approval') }),
    );
  });

  test('of each decision may be anything else', () => {
    expect(() => refuseConfusedEvents(pair())).not.toThrow();
    expect(() => refuseConfusedEvents(pair('deploy', 'stop'))).not.toThrow();
  });
});

test('a payload is dispatched with the numbers that it came with, and its digest is over its text', () => {
  const text = '{ "build": 12345678901234567890, "price": 1.10, "tiny": 1e-400, "list": [0.1, -0] }';
  const prepared = prepareDispatch(undefined, text, 'approved');
  expect(prepared).toMatchObject({ payload: text, payloadSha256: sha256(text) });
  const vote = {
    decision: 'approved' as const,
    actor: { provider: 'operator' as const, id: 'operator', tenant: null, name: null },
    comment: '',
    via: 'management' as const,
    groups: [],
    requestId: null,
    at: 0,
  };
  const approval = { id: 'apr_1', requester: null, target: null, title: 'basket' } as unknown as ApprovalDocument;
  expect(JSON.stringify(decisionPayload(approval, prepared, vote))).toContain(
    '"payload":{"build":12345678901234567890,"price":1.10,"tiny":1e-400,"list":[0.1,-0]}',
  );
  expect(decisionPayload(approval, { ...prepared, payload: text.replace('7890,', '7891,') }, vote)).toBeNull();
});
