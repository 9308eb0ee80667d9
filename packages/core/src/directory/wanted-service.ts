import type { SubscriptionSpec } from '@zekt/contracts';
import { ZektError } from '../errors.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { invalidInvitation } from './invitation.ts';
import type { ServiceDocument } from './service.ts';
import type { SubscriptionDocument } from './subscription.ts';
import { findServiceFor, isListedFor, type Viewer } from './visibility.ts';

/**
 * The service that a request is for. What a workflow may not see answers as what is not there.
 *
 * @returns null where the same dry run would create it
 * @throws ZektError `not_found` or `invitation_invalid`
 */
export async function findWantedService(
  { store, announced }: { readonly store: DocumentStore; readonly announced?: ReadonlyMap<string, unknown> },
  spec: SubscriptionSpec,
  viewer: Viewer | null,
  namesake: SubscriptionDocument | null,
): Promise<ServiceDocument | null> {
  const found = await findServiceFor(store, spec.service, viewer);
  const isKnown = found !== null && namesake?.serviceId === found.id;
  const isVisible = found && (!viewer || isKnown || spec.invitation !== undefined || isListedFor(found, viewer));
  if (isVisible) return found;
  if (announced?.has(spec.service.toLowerCase()) === true) return null;
  // As for a code that is not good: an invitation made up tells nobody which services there are.
  if (viewer && spec.invitation !== undefined) throw invalidInvitation();
  throw new ZektError(
    'not_found',
    viewer
      ? `There is no service '${spec.service}' that this repository may ask for. One that is not listed needs an 'invitation'.`
      : `There is no service '${spec.service}'. Apply the service first; \`zekt services\` lists what there is.`,
  );
}
