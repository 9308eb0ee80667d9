import { expect, test } from '@jest/globals';
import { repositoryRef } from './keys.ts';
import { identityRef, speaksFor } from './workflow-identity.ts';

const issuer = 'https://token.github.example';
const identity = { issuer, repositoryId: '101', repositoryOwnerId: '10' };
const repository = repositoryRef(issuer, '101');

test('a workflow speaks for its repository under the owner that it has', () => {
  expect(identityRef(identity)).toBe(repository);
  expect(speaksFor(identity, repository, '10')).toBe(true);
});

test.each<[string, object]>([
  ['the same number on another GitHub', { issuer: 'https://token.other.example' }],
  ['another repository', { repositoryId: '102' }],
  ['another owner', { repositoryOwnerId: '11' }],
])('%s speaks for nobody here', (_, changes) => {
  expect(speaksFor({ ...identity, ...changes }, repository, '10')).toBe(false);
});
