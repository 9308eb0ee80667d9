import { ZektError } from '../errors.ts';
import { lifeDocumentId, offeredDocumentId, repositoryPartition, serviceDocumentId } from '../identity/keys.ts';
import { pauseAfterConflict } from '../ports/conflict-pause.ts';
import type { DocumentStore, Stored, Write } from '../ports/document-store.ts';
import type { Life } from './claim-name.ts';
import { getService, type ServiceDocument } from './service.ts';

const maxTries = 10;

/**
 * Writes a service, with the note that its workflow is offered by it: a workflow is one service's.
 *
 * @returns what kept it from being written
 * @throws ZektError `unavailable` when others win again and again
 */
export async function writeService(
  store: DocumentStore,
  service: ServiceDocument,
): Promise<'written' | 'workflow-taken'> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const current = await getService(store, service);
    const result = await store.commit({
      partition: repositoryPartition(service.provider),
      writes: [...serviceWrites(current, service), ...offerWrites(current, service)],
    });
    if (result.committed) return 'written';
    if (result.conflict === offeredDocumentId(service.workflow)) return 'workflow-taken';
    await pauseAfterConflict(tries);
  }
  throw new ZektError('unavailable', `'${service.owner}/${service.name}' is being changed by others. Try again.`);
}

function serviceWrites(current: Stored<ServiceDocument> | null, service: ServiceDocument): Write[] {
  const id = serviceDocumentId(service.id);
  if (current) return [{ kind: 'replace', id, etag: current.etag, body: service }];
  const alive: Life = { isOver: false };
  return [
    { kind: 'create', id, body: service },
    { kind: 'create', id: lifeDocumentId(service.id), body: alive },
  ];
}

function offerWrites(current: Stored<ServiceDocument> | null, { id, workflow }: ServiceDocument): Write[] {
  if (current?.body.workflow === workflow) return [];
  const offered: Write = { kind: 'create', id: offeredDocumentId(workflow), body: { service: id } };
  return current ? [offered, { kind: 'delete', id: offeredDocumentId(current.body.workflow) }] : [offered];
}
