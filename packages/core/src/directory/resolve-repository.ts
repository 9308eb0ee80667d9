import { ZektError } from '../errors.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { GitHubGateway, KnownRepository } from '../ports/github.ts';
import { rememberRepository } from './repository.ts';

export interface Applied<T> {
  readonly action: 'created' | 'updated' | 'unchanged';
  readonly changes: readonly string[];
  readonly document: T;
}

export interface PutContext {
  readonly store: DocumentStore;
  readonly github: Pick<GitHubGateway, 'findRepository' | 'findUser'>;
  readonly nowMs: number;
  readonly dryRun: boolean;
}

/**
 * Finds a repository through the App, so that everything after is bound to its id.
 *
 * @throws ZektError `repository_not_found`
 */
export async function resolveRepository(context: PutContext, fullName: string): Promise<KnownRepository> {
  const known = await context.github.findRepository(fullName);
  if (!known) {
    throw new ZektError(
      'repository_not_found',
      `The Zekt GitHub App cannot see the repository '${fullName}'. Check the spelling, and that the App is installed on it.`,
    );
  }
  if (!context.dryRun) await rememberRepository(context.store, known, context.nowMs);
  return known;
}
