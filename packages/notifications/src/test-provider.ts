import { randomUUID } from 'node:crypto';
import type { ProviderTestAnswer, ProviderTestRequest } from '@zekt/contracts';
import { isoTime, ZektError } from '@zekt/core';
import type { NotificationsContext } from './delivery/notifications-context.ts';
import type { NotificationEvent } from './event/notification-event.ts';
import { shownKey, type ObjectKey } from './resources/object-key.ts';
import type { ProviderType } from './providers/provider-type.ts';
import { getProvider } from './resources/provider-document.ts';
import { resolveProvider } from './sending/resolve-config.ts';
import { rehearseEvent, sendEvent } from './sending/send-event.ts';

/** A commit that is nowhere: whoever sets statuses says so. */
const noCommit = '0'.repeat(40);
const noChange = '0';

/**
 * Sends an event to a destination at once, past alerts, limits and retries, and tells what was answered.
 *
 * @throws ZektError `not_found`
 */
export async function testProvider(
  context: NotificationsContext,
  key: ObjectKey,
  request: ProviderTestRequest,
): Promise<ProviderTestAnswer> {
  const provider = await getProvider(context.store, key);
  if (!provider) throw new ZektError('not_found', `There is no provider '${shownKey(key)}'.`);
  const { dryRun = false } = request;
  const about = { provider: shownKey(key), type: provider.spec.type, dryRun };
  const resolved = await resolveProvider({ ...context, remembered: (it) => context.remembered.of(it) }, provider);
  if ('problems' in resolved)
    return { ...about, outcome: 'notReady', reason: resolved.problems.join('; '), exchanges: [] };
  const event = testEvent(key, request, resolved.type.gate, context.clock.now());
  if (dryRun) {
    const { verdict, exchanges } = await rehearseEvent(context.clock, resolved, event);
    const outcome = verdict.kind === 'done' ? 'dryRun' : 'notReady';
    return { ...about, outcome, reason: verdict.kind === 'done' ? null : verdict.reason, exchanges: [...exchanges] };
  }
  const { verdict, exchanges } = await sendEvent(context, resolved, event);
  return {
    ...about,
    outcome: verdict.kind === 'done' ? 'sent' : verdict.kind,
    reason: verdict.kind === 'done' ? null : verdict.reason,
    exchanges: [...exchanges],
  };
}

/** What a kind of destination can't do without. */
function metadataFor(gate: ProviderType['gate'], revision: string | undefined): Pick<NotificationEvent, 'metadata'> {
  if (gate === 'commitStatus') return { metadata: { revision: revision ?? noCommit } };
  const given = revision === undefined ? {} : { revision };
  if (gate === 'comment') return { metadata: { ...given, change_request: noChange } };
  return revision === undefined ? {} : { metadata: given };
}

const testEvent = (
  { namespace, name }: ObjectKey,
  { severity = 'info', message, revision }: ProviderTestRequest,
  gate: ProviderType['gate'],
  nowMs: number,
): NotificationEvent => ({
  involvedObject: { kind: 'Provider', namespace, name, uid: randomUUID(), apiVersion: 'zekt.dev/v1' },
  severity,
  timestamp: isoTime(nowMs),
  message: message ?? 'This is a test of Zekt: the destination works.',
  reason: 'ProviderTest',
  ...metadataFor(gate, revision),
  reportingController: 'zekt',
});
