import { ZektError } from '../errors.ts';

const reserved = 'zekt.';

/**
 * Event types that begin with `zekt.` say that Zekt itself speaks, such as `zekt.approval.approved`: a workflow that runs on one must not be
 * started by what somebody else sends.
 *
 * @param what names the place, for the message
 * @throws ZektError `reserved_event_type`
 */
export function refuseReserved(what: string, eventTypes: readonly string[]): void {
  const taken = eventTypes.find((it) => it.trim().toLowerCase().startsWith(reserved));
  if (taken !== undefined)
    throw new ZektError(
      'reserved_event_type',
      `${what}: event types that begin with '${reserved}' are Zekt's own, so '${taken.slice(0, 100)}' can't be used here. Choose another.`,
    );
}
