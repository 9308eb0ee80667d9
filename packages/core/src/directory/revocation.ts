import { revocationDocumentId } from '../identity/keys.ts';
import type { Write } from '../ports/document-store.ts';
import type { StateChange, SubscriptionDocument } from './subscription.ts';

/**
 * That a consumer's right to a service was taken back, under whatever name: no policy gives it again until the provider or an operator
 * does.
 */
export type Revocation = Pick<StateChange, 'at' | 'by' | 'reason'>;

/** The write that remembers or forgets a revocation, beside the change of the subscription. */
export function revocationWrites(
  { serviceId, consumer }: Pick<SubscriptionDocument, 'serviceId' | 'consumer'>,
  revocation: Revocation | 'lifted' | 'unchanged',
): Write[] {
  const id = revocationDocumentId(serviceId, consumer);
  if (revocation === 'unchanged') return [];
  return revocation === 'lifted' ? [{ kind: 'delete', id }] : [{ kind: 'put', id, body: revocation }];
}
