import { expect, test } from '@jest/globals';
import { readApproveInputs } from './approve-inputs.ts';

const good: Readonly<Record<string, string>> = {
  title: 'basket',
  approvers: 'github:mona',
  'zekt-api-url': 'https://zekt.example',
};
const read = (changes: Readonly<Record<string, string>>) =>
  readApproveInputs((name) => ({ ...good, ...changes })[name] ?? '');

test.each([
  [{ 'expires-in': '30s' }, "The input 'expires-in' must be from 60s to 28d; got '30s'."],
  [{ 'expires-in': '29d' }, "The input 'expires-in' must be from 60s to 28d; got '29d'."],
  [{ title: 'x'.repeat(201) }, "The input 'title' has 201 characters; at most 200 are possible."],
  [{ text: 'x'.repeat(2001) }, "The input 'text' has 2001 characters"],
  [{ 'on-approve-event-type': 'x'.repeat(101) }, "The input 'on-approve-event-type' has 101 characters"],
  [{ approvers: 'entra:acme/ada' }, "The input 'approvers' has on each line github:LOGIN"],
  [{ approvers: 'github:not a login' }, "got 'github:not a login'"],
  [{ approvers: 'github:mona\n'.repeat(51) }, "The input 'approvers' has 51 lines; at most 50 are possible."],
  [{ 'requester-entra': 'acme/ada' }, "The input 'requester-entra' must be TENANT-ID/OBJECT-ID, both GUIDs"],
  [{ facts: `${'n'.repeat(61)}: value` }, "The input 'facts' has a name of at most 60 characters"],
  [{ facts: 'a: b\n'.repeat(21) }, "The input 'facts' has 21 lines; at most 20 are possible."],
  [{ channel: 'Our Channel' }, "The input 'channel' is a name of lower-case letters"],
  [{ 'on-approve-payload': `"${'x'.repeat(40_000)}"` }, "The input 'on-approve-payload' has 40002 bytes"],
])('%j is told by the name of the input', (changes, message) => {
  expect(() => read(changes)).toThrow(message);
});

test('who started the run is sent along as Microsoft knows them', () => {
  const [tenant, objectId] = ['a4c1e8d2-6b7f-4e09-9c35-1f2e3d4c5b6a', '0b2d7c1e-4f5a-4c3b-9a8d-7e6f5a4b3c2d'];
  expect(JSON.parse(read({ 'requester-entra': `${tenant}/${objectId}` }).body)).toMatchObject({
    requester: { entra: { tenant, objectId } },
  });
  expect(JSON.parse(read({}).body)).not.toHaveProperty('requester');
});
