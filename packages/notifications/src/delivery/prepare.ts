import { getAlert, type AlertDocument } from '../alerts/alert-document.ts';
import type { ProviderType } from '../providers/provider-type.ts';
import { providerTypes } from '../providers/table.ts';
import { shownKey } from '../resources/object-key.ts';
import { getProvider, type ProviderDocument } from '../resources/provider-document.ts';
import { resolveProvider, type ResolvedProvider } from '../sending/resolve-config.ts';
import { dedupeWindowOf, recall, type Recalled, type StateScope } from './alert-memory.ts';
import type { NotificationDocument } from './notification-document.ts';
import type { NotificationsContext } from './notifications-context.ts';

/** Whose a notification is, as it is now. */
export interface Parties {
  readonly alert: AlertDocument | null;
  readonly provider: ProviderDocument | null;
}

export async function partiesOf(
  { store }: Pick<NotificationsContext, 'store'>,
  notification: Pick<NotificationDocument, 'alert' | 'provider'>,
): Promise<Parties> {
  const [alert, provider] = await Promise.all([
    getAlert(store, notification.alert),
    getProvider(store, notification.provider),
  ]);
  return { alert, provider };
}

/** What is left to be said; null for what somebody asked for again, or whose alert is gone: that is said whatever was said before. */
export async function recallFor(
  { store, clock, dedupeWindowMs }: NotificationsContext,
  { alert, provider }: Parties,
  notification: NotificationDocument,
): Promise<Recalled | null> {
  if (!alert || notification.replays > 0) return null;
  const type = provider && providerTypes.get(provider.spec.type);
  return recall(store, alert, notification, {
    scope: scopeOf(alert, type),
    windowMs: dedupeWindowOf(alert, dedupeWindowMs),
    nowMs: clock.now(),
  });
}

function scopeOf({ spec }: AlertDocument, type: ProviderType | null | undefined): StateScope | null {
  if (spec.notifyOn === 'changes') return 'changes';
  if (type?.isState !== true) return null;
  return type.gate === 'commitStatus' ? 'commit' : 'incident';
}

/** The destination with everything that sending needs; or the sentences that say what is missing. */
export async function resolveFor(
  context: NotificationsContext,
  { members, provider: key, alert: alertKey }: NotificationDocument,
  { alert, provider }: Parties,
): Promise<ResolvedProvider | { readonly problems: readonly string[] }> {
  if (!provider) return { problems: [`There is no provider '${shownKey(key)}'.`] };
  const found = await resolveProvider({ ...context, remembered: (it) => context.remembered.of(it) }, provider);
  if ('problems' in found) return found;
  const resolved = { ...found, config: { ...found.config, alert: alertKey } };
  const [member] = members;
  const { commitStatusExpr = '' } = provider.spec;
  if (commitStatusExpr === '' || !member) return resolved;
  try {
    const { evaluateStatusId } = await import('../sending/status-expression.ts');
    const { uid, namespace, name } = provider;
    const metadata = { uid, namespace, name };
    const { statusId } = evaluateStatusId(
      commitStatusExpr,
      member.event,
      { metadata: { namespace: alert?.namespace ?? '', name: alert?.name ?? '' }, spec: alert?.spec ?? {} },
      { metadata, spec: provider.spec },
    );
    return { ...resolved, config: { ...resolved.config, statusId } };
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : ''] };
  }
}
