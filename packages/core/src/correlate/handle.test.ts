import { expect, test } from '@jest/globals';
import { repositoryRef } from '../identity/keys.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { CorrelateContext } from './context.ts';
import { correlate } from './handle.ts';

test('a message whose run is still under way leaves nothing in the queue: what waits for hours lies in documents alone', async () => {
  const store: Pick<DocumentStore, 'get'> = { get: async () => null };
  const handler = correlate({ store } as unknown as CorrelateContext);
  const run = {
    repository: repositoryRef('https://token.actions.githubusercontent.com', '101'),
    runId: '1',
    attempt: 1,
  };
  const decide = await handler({
    id: 'message',
    session: 'run-1',
    body: { kind: 'message', run, requestKey: 'key' },
    deliveryCount: 1,
  });
  const { messages = [], settlement } = await decide();
  expect(messages).toEqual([]);
  expect(settlement).toEqual({ settle: 'complete' });
});
