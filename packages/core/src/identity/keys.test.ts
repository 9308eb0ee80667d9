import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { correlationIdOf, repositoryIdOf, repositoryRef, runKeyOf, runPartition, runSession } from './keys.ts';

const issuer = 'https://token.actions.githubusercontent.com';
const other = 'https://ghe.example/_services/token';

test('the same numeric id on two GitHubs is two repositories', () => {
  expect(repositoryRef(issuer, '101')).not.toBe(repositoryRef(other, '101'));
  expect(repositoryIdOf(repositoryRef(issuer, '101'))).toBe('101');
});

test('a correlation id leads back to its run', () => {
  const run = { repository: repositoryRef(issuer, '101'), runId: '4242', attempt: 2 };
  expect(correlationIdOf(run)).toBe('101:4242:2');
  expect(runKeyOf(issuer, '101:4242:2')).toEqual(run);
  expect(runPartition(runKeyOf(other, '101:4242:2') ?? run)).not.toBe(runPartition(run));
});

test.each(['', '101', '101:4242', '101:4242:x', '101:4242:1:1', `${'9'.repeat(30)}:1:1`, 'run:1:1:1'])(
  'what is no correlation id leads nowhere: %j',
  (text) => {
    expect(runKeyOf(issuer, text)).toBeNull();
  },
);

test('sessions of runs are few enough for a broker that holds each for a while', () => {
  const sessions = new Set(
    Array.from({ length: 5000 }, (_, n) =>
      runSession({ repository: repositoryRef(issuer, '101'), runId: String(n), attempt: 1 }),
    ),
  );
  expect(sessions.size).toBeLessThanOrEqual(512);
  expect(sessions.size).toBeGreaterThan(500);
});

const packages = new URL('../../../', import.meta.url);
const sources = ['core', 'api', 'chatops', 'notifications', 'hooks', 'host', 'github'].flatMap((name) =>
  readdirSync(new URL(`${name}/src/`, packages), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/(\.test|\.contract|keys)\.ts$|testing/.test(file))
    .map((file) => `${name}/src/${file}`),
);

test('one module of each package knows keys, and no other file makes a partition name', () => {
  const makesOne =
    /partition: ['"`]|[Ss]tore\.(get|list)(<[^()]*>)?\(\s*['"`]|[Pp]artition(Of)? = (\([^)]*\)[^=]*=> )?['"`]/;
  const found = sources.filter((file) => {
    const text = readFileSync(new URL(file, packages), 'utf8');
    return text.split('\n').some((line) => makesOne.test(line));
  });
  expect(sources.length).toBeGreaterThan(200);
  expect(found).toEqual([]);
});
