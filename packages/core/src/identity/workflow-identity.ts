import { repositoryRef, type RepositoryRef } from './keys.ts';
import { isPullRequestEvent } from './strangers-run.ts';

/** Who a workflow is, from the verified claims of its OIDC token. Ids are decimal strings; names are for display only. */
export interface WorkflowIdentity {
  readonly issuer: string;
  /** Whom the token is for: this server, or `sharedAudience`. */
  readonly audience: string;
  readonly repositoryId: string;
  readonly repositoryOwnerId: string;
  readonly runId: string;
  readonly runAttempt: number;
  /** Path of the top-level workflow file, from `workflow_ref`. */
  readonly workflow: string;
  readonly repository: string;
  readonly repositoryOwner: string;
  readonly eventName: string;
  readonly actor: string;
  readonly actorId: string;
  /** `refs/heads/main`. */
  readonly ref: string;
  /** The token's own id. */
  readonly tokenId: string;
}

/**
 * The audience that the published client asks for, whatever the server. Whoever receives such a token can pass it on to another server, so
 * it is good for messages and reports only, and only where an operator says so.
 */
export const sharedAudience = 'api://zekt';

/** The repository that a token speaks for: of its own issuer's GitHub, so that no other can. */
export const identityRef = ({
  issuer,
  repositoryId,
}: Pick<WorkflowIdentity, 'issuer' | 'repositoryId'>): RepositoryRef => repositoryRef(issuer, repositoryId);

/**
 * Whether a workflow speaks for a repository, under the owner by whom a right is held: one that was transferred, or has the same number
 * on another GitHub, does not.
 */
export const speaksFor = (
  identity: Pick<WorkflowIdentity, 'issuer' | 'repositoryId' | 'repositoryOwnerId'>,
  repository: RepositoryRef,
  ownerId: string,
): boolean => identityRef(identity) === repository && identity.repositoryOwnerId === ownerId;

/** @throws ZektError `invalid_token`, `token_expired`, `token_not_yet_valid`, `issuer_not_trusted` or `issuer_unreachable` */
export type VerifyWorkflowToken = (token: string) => Promise<WorkflowIdentity>;

/** Such a run may send to a service that allows it, and manages nothing. */
export const isPullRequestRun = ({ eventName }: WorkflowIdentity): boolean => isPullRequestEvent(eventName);
