import { revocationDocumentId } from '../identity/keys.ts';
import type { Stored, Write } from '../ports/document-store.ts';
import type { StateChange, SubscriptionDocument } from './subscription.ts';

/**
 * That a consumer's right to a service was taken back, under whatever name: no policy gives it again until the provider or an operator
 * does.
 */
export type Revocation = Pick<StateChange, 'at' | 'by' | 'reason'>;

/** What a change of a subscription means for the revocation; `none`: the change is made only as long as there is none. */
export type RevocationChange = Revocation | 'lifted' | 'none' | 'unchanged';

export interface RevocationDocument {
  /** Null: looked for, and there was none. */
  readonly revoked: Revocation | null;
}

/** The writes that go with the change of the subscription. */
export function revocationWrites(
  { serviceId, consumer }: Pick<SubscriptionDocument, 'serviceId' | 'consumer'>,
  change: RevocationChange,
  found: Stored<RevocationDocument> | null,
): Write[] {
  const id = revocationDocumentId(serviceId, consumer);
  const body: RevocationDocument = { revoked: typeof change === 'string' ? null : change };
  switch (change) {
    case 'unchanged':
      return [];
    case 'lifted':
      return [{ kind: 'delete', id }];
    case 'none':
      // One that is not visible yet conflicts with this.
      return [found ? { kind: 'replace', id, etag: found.etag, body } : { kind: 'create', id, body }];
    default:
      return [{ kind: 'put', id, body }];
  }
}
