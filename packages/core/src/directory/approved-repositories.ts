import type { Party } from './party.ts';
import { resolveRepository, type PutContext } from './resolve-repository.ts';
import type { ServiceDocument } from './service.ts';

type Approves = ServiceDocument['approves'];

/**
 * Binds the repositories that a service approves by policy to their ids.
 *
 * A workflow must not learn from the answer whether another account's private repository exists. So to a workflow each name is taken as it
 * was written; one that the App can't see approves nobody until the service is applied again.
 *
 * @throws ZektError `repository_not_found`, to an operator
 */
export const approvedRepositories = (context: PutContext, names: readonly string[], party: Party): Promise<Approves> =>
  Promise.all(
    names.map(async (name) => {
      if (party.kind === 'workflow' && !(await context.github.findRepository(name)))
        return { ref: null, fullName: name };
      const { ref, fullName } = await resolveRepository(context, name);
      return { ref, fullName: party.kind === 'workflow' ? name : fullName };
    }),
  );

/** Whether the same names stand for other repositories than before. */
export const isBoundAnew = (
  before: Pick<ServiceDocument, 'approves'> | null,
  { approves }: Pick<ServiceDocument, 'approves'>,
): boolean => JSON.stringify(before?.approves.map(({ ref }) => ref)) !== JSON.stringify(approves.map(({ ref }) => ref));
