import type { ReceiveRequest } from '@zekt/contracts';
import { serviceOfWorkflow, type Card } from '../directory/card.ts';
import type { ServiceDocument } from '../directory/service.ts';
import { ZektError } from '../errors.ts';
import { refuseReserved } from '../identity/reserved-event-type.ts';
import { isStrangersEvent } from '../identity/strangers-run.ts';
import type { WorkflowIdentity } from '../identity/workflow-identity.ts';

/**
 * Whether this run may send a message, by what its token proves and what is known of its repository. What the body says must agree with
 * the token; it decides nothing.
 *
 * @returns the service of its workflow; null where the workflow is not allow-listed
 * @throws ZektError with the code of the first rule that is broken
 */
export function authorizeMessage(
  identity: WorkflowIdentity,
  request: ReceiveRequest,
  card: Card,
): ServiceDocument | null {
  requireAgreement(identity, request);
  refuseReserved('The message', [request.eventType]);
  const { repository } = card;
  if (!repository || repository.deleted || repository.installationId === null) {
    throw new ZektError(
      'repository_not_enabled',
      `Repository not enabled in Zekt: install the Zekt GitHub App on '${identity.repository}', or ask your Zekt operator to run zekt doctor.`,
    );
  }
  const service = serviceOfWorkflow(card, identity.workflow);
  const ownerId = service?.ownerId ?? repository.ownerId;
  if (ownerId !== identity.repositoryOwnerId || (service && service.suspended !== null)) {
    throw new ZektError(
      'provider_suspended',
      `'${identity.repository}' has changed its owner, so its services are suspended. An operator must apply the service again to confirm.`,
    );
  }
  if (service && service.issuer !== identity.issuer) {
    throw new ZektError(
      'issuer_not_trusted',
      `The service takes tokens of '${service.issuer}'; this one is of '${identity.issuer}'.`,
    );
  }
  if (isStrangersEvent(identity.eventName) && service?.allowPullRequests !== true) {
    throw new ZektError(
      'pull_request_refused',
      `Runs of '${identity.eventName}' may carry a stranger's code, so their messages are refused. The service can allow them with allowPullRequests.`,
    );
  }
  return service;
}

/** @throws ZektError `repository_mismatch`, `run_mismatch` or `unknown_execution` */
function requireAgreement(identity: WorkflowIdentity, request: ReceiveRequest): void {
  if (request.repository.toLowerCase() !== identity.repository.toLowerCase()) {
    throw new ZektError(
      'repository_mismatch',
      `Repository mismatch: the body says '${request.repository}', the token is of '${identity.repository}'.`,
    );
  }
  if (request.workflowRunId !== identity.runId) {
    throw new ZektError(
      'run_mismatch',
      `Run mismatch: the body says '${request.workflowRunId}', the token is of run '${identity.runId}'.`,
    );
  }
  if (request.orchestration_step_ref) {
    throw new ZektError(
      'unknown_execution',
      `There is no orchestration execution '${request.orchestration_step_ref.execution_id}'.`,
    );
  }
}
