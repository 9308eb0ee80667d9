import { expect, test } from '@jest/globals';
import { inInputNames } from './input-names.ts';

test.each([
  ["Invalid request: 'expiresInSeconds' must be >= 60", "Invalid request: the input 'expires-in' must be >= 60"],
  [
    "Invalid request: 'policy.approvers.0.entra.tenant' must match pattern",
    "Invalid request: the input 'approvers' must match pattern",
  ],
  ["'facts.3.name' is too long", "the input 'facts' is too long"],
  ['Say requesterMayApprove: true', "Say the input 'requester-may-approve': true"],
  ["'requester.entra.tenant' must match", "the input 'requester-entra' must match"],
  ["Invalid onReject.eventType: 'x' tells of", "Invalid input 'on-reject-event-type': 'x' tells of"],
  ["Invalid facts: 'State' is", "Invalid input 'facts': 'State' is"],
  ['The Zekt server refused the question (HTTP 403): no.', 'The Zekt server refused the question (HTTP 403): no.'],
])('%j is told as %j', (sentence, told) => {
  expect(inInputNames(sentence)).toBe(told);
});
