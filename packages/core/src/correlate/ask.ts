import { getRepository } from '../directory/repository.ts';
import { repositoryIdOf, type RunKey } from '../identity/keys.ts';
import type { RunFacts } from '../ports/github.ts';
import { getRun } from './run-document.ts';
import type { CorrelateContext } from './context.ts';

/** The run as GitHub knows it; or why there is no answer. */
export type Asked = RunFacts | 'unknown' | 'unreachable' | 'not needed';

/**
 * How the run ended, as GitHub says: its webhook may be lost, the run may still be going, or gone.
 *
 * @returns `unknown` where GitHub does not know it, or the App can't see it; `not needed` where it is decided already
 */
export async function askAboutRun(
  { store, github, log }: Pick<CorrelateContext, 'store' | 'github' | 'log'>,
  run: RunKey,
): Promise<Asked> {
  const found = await getRun(store, run);
  if (found && !found.body.expired) return 'not needed';
  const repository = await getRepository(store, run.repository);
  if (!repository?.installationId) return 'unknown';
  const { fullName, installationId } = repository;
  const id = repositoryIdOf(run.repository);
  try {
    return (await github.findRun({ id, fullName, installationId }, run.runId, run.attempt)) ?? 'unknown';
  } catch (error) {
    log.warn({ run, err: error }, 'GitHub could not be asked for an overdue run; asking again later');
    return 'unreachable';
  }
}
