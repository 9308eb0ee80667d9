import { repositoryRef, type RunFacts, type RunKey } from '@zekt/core';
import { issuer, provider, workflow } from '../one-run.ts';

const runIds = ['4242', '4243', '4244'];
export const runCount = runIds.length;
export const runIdOf = (run: number): string => runIds[run] ?? '';
export const runKeyAt = (runId: string): RunKey => ({
  repository: repositoryRef(issuer, provider.id),
  runId,
  attempt: 1,
});

/** What GitHub says of a run when it is asked. */
export const factsOf = (runId: string, isCompleted: boolean): RunFacts => ({
  repository: provider.fullName,
  repositoryId: provider.id,
  ownerId: provider.ownerId,
  runId,
  attempt: 1,
  workflow,
  status: isCompleted ? 'completed' : 'in_progress',
  conclusion: isCompleted ? 'success' : null,
  runNumber: 7,
  event: 'workflow_dispatch',
  headRepositoryId: provider.id,
  displayTitle: null,
  headBranch: null,
  headSha: null,
  actor: null,
  htmlUrl: null,
  createdAt: null,
  updatedAt: null,
});
