import { describe, expect, test } from '@jest/globals';
import type { Card } from '../directory/card.ts';
import type { ServiceDocument } from '../directory/service.ts';
import type { RunKey } from '../identity/keys.ts';
import { OpaqueIds } from '../identity/opaque.ts';
import type { RunFacts } from '../ports/github.ts';
import type { MessageDocument } from '../receive/message-document.ts';
import { addMessages, decideRun, type Decided } from './decide.ts';

const workflow = '.github/workflows/a.yaml';
const run: RunKey = { repository: 'tag.1', runId: '2', attempt: 1 };
const facts: RunFacts = {
  repository: 'acme/requests',
  repositoryId: '1',
  ownerId: '11',
  runId: '2',
  attempt: 1,
  workflow,
  status: 'completed',
  conclusion: 'success',
  runNumber: 1,
  event: 'push',
  headRepositoryId: '1',
  displayTitle: null,
  headBranch: 'main',
  headSha: null,
  actor: 'octocat',
  htmlUrl: null,
  createdAt: null,
  updatedAt: null,
};
const service: ServiceDocument = {
  id: 'svc-a',
  owner: 'acme',
  name: 'built',
  provider: 'tag.1',
  repository: 'acme/requests',
  ownerId: '11',
  workflow,
  eventType: 'built-run',
  eventTypes: [],
  issuer: 'https://issuer.example',
  allowPullRequests: false,
  description: '',
  tags: [],
  visibility: 'public',
  alias: null,
  approves: [],
  approval: null,
  suspended: null,
  updatedAt: 0,
};
const card = (changes: Partial<ServiceDocument> = {}): Card => ({
  repository: null,
  services: [{ ...service, ...changes }],
  subscriptions: [],
});
const message = (requestKey: string, order = 0): MessageDocument => ({
  requestKey,
  content: '',
  answer: { success: true, eventId: '', consumersNotified: 0, message: '' },
  eventId: `evt-${requestKey}`,
  eventType: 'built',
  payload: '{}',
  bytes: 2,
  workflow,
  receivedAt: 3,
  order,
});
const ids = new OpaqueIds(new Uint8Array(32));
const decide = (messages: readonly MessageDocument[], of = card(), changes: Partial<RunFacts> = {}): Decided =>
  decideRun(ids, { run, facts: { ...facts, ...changes }, messages, card: of, completedAt: 5, nowMs: 7 });

describe('what a completed run delivers', () => {
  test('its messages, in the order that they are given', () => {
    const { document } = decide([message('a'), message('b')]);
    expect(document.items.map(({ key }) => key)).toEqual(['a', 'b']);
    expect(document).toMatchObject({ firstSeenAt: 3, completedAt: 5, decidedAt: 7, blocked: null });
  });

  test("itself where it has none, under the service's event type", () => {
    expect(decide([]).document.items).toMatchObject([{ key: 'run', eventType: 'built-run', receivedAt: 5 }]);
  });

  test('nothing, with the reason, where its workflow is not allow-listed', () => {
    const { document, lanes } = decide([message('a')], { ...card(), services: [] });
    expect(document.blocked).toContain('is not allow-listed');
    expect(lanes).toEqual([]);
  });

  test('nothing while its service is suspended', () => {
    expect(decide([], card({ suspended: 'It moved.' })).document.blocked).toBe('It moved.');
  });

  test('nothing where another account owns the repository than the one that offered the service', () => {
    expect(decide([], card({ ownerId: '12' })).document.blocked).toContain('another owner');
  });
});

describe('a run that a stranger may have brought about', () => {
  test.each<[string, Partial<RunFacts>]>([
    ['a pull request', { event: 'pull_request' }],
    ["a pull request, with the repository's own rights", { event: 'pull_request_target' }],
    ['a review', { event: 'pull_request_review' }],
    ['a comment', { event: 'issue_comment' }],
    ['an issue', { event: 'issues' }],
    ['a discussion', { event: 'discussion' }],
    ['a comment in a discussion', { event: 'discussion_comment' }],
    ['a fork', { event: 'fork' }],
    ['a star', { event: 'watch' }],
    ['a page of the wiki', { event: 'gollum' }],
    ['a workflow that ran before', { event: 'workflow_run' }],
    ["a fork's code, whatever the event", { headRepositoryId: '666' }],
    ['code of a repository that is gone', { headRepositoryId: null }],
    ['nobody knows what', { event: null }],
  ])('leads to nothing, with or without a message, unless the service allows it: %s', (_, changes) => {
    const allows = card({ allowPullRequests: true });
    for (const messages of [[], [message('a')]]) {
      const { document, lanes } = decide(messages, card(), changes);
      expect(document.blocked).toContain('allowPullRequests');
      expect(lanes).toEqual([]);
      expect(decide(messages, allows, changes).document.blocked).toBeNull();
    }
  });

  test('leads to nothing by a message that comes late, either', () => {
    const { document, lanes } = decide([], card(), { event: 'pull_request' });
    const later = addMessages(
      { ...document, lanes: [], lanesPerPage: 1000, furtherPages: 0 },
      lanes,
      [message('a')],
      card(),
      9,
    );
    expect(later.document.blocked).toContain('allowPullRequests');
    expect(later.lanes).toEqual([]);
  });

  test.each(['push', 'workflow_dispatch', 'schedule', 'release', 'repository_dispatch'])('is none of %s', (event) => {
    expect(decide([], card(), { event }).document.blocked).toBeNull();
  });
});

test('a message that comes later is behind what was decided, and changes nothing of it', () => {
  const { document, lanes } = decide([]);
  const later = addMessages(
    { ...document, lanes: [...lanes], lanesPerPage: 1000, furtherPages: 0 },
    lanes,
    [message('late')],
    card(),
    9,
  );
  expect(later.document.items.map(({ key }) => key)).toEqual(['run', 'late']);
  expect(later.document.completedAt).toBe(document.completedAt);
});
