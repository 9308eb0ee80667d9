import { ZektError } from '../errors.ts';
import { repositoryRef, type RepositoryRef } from '../identity/keys.ts';
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
  /** Of the tokens of the App's GitHub: its numeric ids mean something only beside it. */
  readonly issuer: string;
  readonly nowMs: number;
  readonly dryRun: boolean;
}

export interface ResolvedRepository extends KnownRepository {
  readonly ref: RepositoryRef;
}

/**
 * Finds a repository through the App, so that everything after is bound to its id.
 *
 * @throws ZektError `repository_not_found`
 */
export async function resolveRepository(
  { store, github, issuer, nowMs, dryRun }: PutContext,
  fullName: string,
): Promise<ResolvedRepository> {
  const known = await github.findRepository(fullName);
  if (!known) {
    throw new ZektError(
      'repository_not_found',
      `The Zekt GitHub App cannot see the repository '${fullName}'. Check the spelling, and that the App is installed on it.`,
    );
  }
  if (!dryRun) await rememberRepository(store, issuer, known, nowMs);
  return { ...known, ref: repositoryRef(issuer, known.id) };
}
