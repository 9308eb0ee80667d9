import { describe, expect, test } from '@jest/globals';
import examples from '@octokit/webhooks-examples/api.github.com/index.json' with { type: 'json' };
import { neededEvents } from '../doctor/app-needs.ts';
import { readWebhook } from './read-webhook.ts';

const corpus = (examples as unknown as { name: string; examples: Record<string, unknown>[] }[]).flatMap(
  ({ name, examples: payloads }) => payloads.map((payload, index) => ({ name, index, payload })),
);
const now = Date.UTC(2026, 10, 22);

test('the corpus of real payloads is there', () => {
  expect(corpus.length).toBeGreaterThan(200);
});

test('the App subscribes to the events that are read, and to no others', () => {
  // GitHub sends these to every App, and does not let it subscribe to them.
  const unasked = ['installation', 'installation_repositories', 'ping'];
  const all = new Set([...corpus.map(({ name }) => name), ...neededEvents]);
  const isRead = (name: string): boolean => {
    try {
      return readWebhook(name, {}, now).kind !== 'ignored';
    } catch {
      return true;
    }
  };
  const read = [...all].filter((name) => isRead(name) && !unasked.includes(name));
  expect(read.sort()).toEqual([...neededEvents].sort());
});

test.each(corpus)("GitHub's own example $name #$index is read or ignored, never misunderstood", ({ name, payload }) => {
  const fact = readWebhook(name, payload, now);
  switch (name) {
    case 'workflow_run': {
      const run = payload.workflow_run as { id: number; head_sha: string };
      expect(fact).toMatchObject({
        kind: 'run',
        facts: { runId: String(run.id), headSha: run.head_sha, status: payload.action },
      });
      break;
    }
    case 'installation':
    case 'installation_repositories':
      expect(fact).toMatchObject({
        kind: 'installation',
        installationId: String((payload.installation as { id: number }).id),
      });
      break;
    case 'repository':
      expect(fact).toMatchObject({
        kind: 'repository',
        repository: { fullName: (payload.repository as { full_name: string }).full_name },
      });
      break;
    case 'ping':
      expect(fact.kind).toBe('ping');
      break;
    default:
      expect(fact.kind).toBe('ignored');
  }
});

describe('a workflow run', () => {
  const payload = (run: object) => ({
    action: 'completed',
    workflow_run: { id: 9_007_199_254_740_991, ...run },
    repository: { id: 1, full_name: 'acme/requests', owner: { id: 2 } },
  });
  const facts = (run: object) => {
    const fact = readWebhook('workflow_run', payload(run), now);
    return fact.kind === 'run' ? fact.facts : null;
  };

  test('ids become decimal strings without loss', () => {
    expect(facts({})?.runId).toBe('9007199254740991');
  });

  test('the path loses its ref', () => {
    expect(facts({ path: '.github/workflows/a.yaml@refs/heads/main' })?.workflow).toBe('.github/workflows/a.yaml');
  });

  test('a file that only begins like another is not that other', () => {
    const path = '.github/workflows/a.yaml@evil.yaml';
    expect(facts({ path })?.workflow).toBe(path);
    expect(facts({ path: `${path}@refs/heads/main` })?.workflow).toBe(path);
  });

  test('a missing attempt is the first', () => {
    expect(facts({})?.attempt).toBe(1);
  });

  test.each([{ id: '12' }, { id: 1.5 }, { id: -1 }, { id: 2 ** 60 }, { id: null }])(
    'an id that is no id is refused: %j',
    (run) => {
      expect(() => facts(run)).toThrow(/whole number/);
    },
  );

  test.each([null, [], 'text', 7])('a body that is no object is refused: %j', (body) => {
    expect(() => readWebhook('workflow_run', body, now)).toThrow(/JSON object/);
  });
});

test('a renamed account says nothing about suspension', () => {
  const fact = readWebhook(
    'installation_target',
    { action: 'renamed', account: { id: 5, login: 'new-name' }, installation: { id: 3, node_id: 'x' } },
    now,
  );
  expect(fact).toMatchObject({ kind: 'installation', account: 'new-name', suspended: null, deleted: false });
});
