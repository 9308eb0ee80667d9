import type { Notification, NotificationAlert, NotificationProvider } from '@zekt/contracts';
import { isoTime } from '@zekt/core';
import { alertProblems, type AlertDocument } from './alerts/alert-document.ts';
import { combineEvents } from './delivery/combine-events.ts';
import type { NotificationDocument } from './delivery/notification-document.ts';
import { shownKey } from './resources/object-key.ts';
import { maskedSpec } from './resources/masked-spec.ts';
import type { ProviderDocument } from './resources/provider-document.ts';
import type { ProviderState } from './resources/provider-state.ts';

const orNull = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));

export function presentNotification(document: NotificationDocument): Notification {
  const { involvedObject, ...event } = combineEvents(
    document.members.map((member) => member.event),
    document.more,
    document.alert,
  );
  return {
    id: document.id,
    state: document.state,
    alert: shownKey(document.alert),
    provider: shownKey(document.provider),
    kind: involvedObject.kind ?? '',
    name: involvedObject.name ?? '',
    namespace: involvedObject.namespace ?? '',
    severity: event.severity,
    reason: event.reason,
    message: event.message,
    events: document.members.length + document.more,
    attempts: document.attempts.map(({ at, ...attempt }) => ({ at: isoTime(at), ...attempt })),
    createdAt: isoTime(document.createdAt),
    sentAt: orNull(document.sentAt),
    nextAttemptAt: orNull(document.nextAttemptAt),
    outcome: document.outcome,
  };
}

export function presentProvider(
  document: ProviderDocument,
  state: ProviderState,
  problems: readonly string[],
  nowMs: number,
): NotificationProvider {
  const { namespace, name, uid, spec } = document;
  const isOpen = state.openUntil > nowMs;
  const reasons = [
    ...(spec.suspend === true ? ['It is suspended.'] : []),
    ...problems,
    ...(isOpen ? [`It failed ${state.failures} times in a row; the last: ${state.lastError?.reason ?? ''}`] : []),
  ];
  return {
    apiVersion: 'zekt.dev/v1',
    kind: 'Provider',
    metadata: { namespace, name, uid },
    spec: maskedSpec(spec),
    status: {
      ready: reasons.length === 0,
      reason: reasons.length === 0 ? null : reasons.join(' '),
      circuit: isOpen ? 'open' : 'closed',
      circuitOpenUntil: isOpen ? isoTime(state.openUntil) : null,
      lastSuccessAt: orNull(state.lastSuccessAt),
      lastError: state.lastError && { ...state.lastError, at: isoTime(state.lastError.at) },
      failed: state.failures,
    },
  };
}

/** @param hasProvider whether the provider that it names is there */
export function presentAlert(document: AlertDocument, hasProvider: boolean): NotificationAlert {
  const { namespace, name, spec } = document;
  const problems = [
    ...(spec.suspend === true ? ['It is suspended.'] : []),
    ...(hasProvider ? [] : [`There is no provider '${shownKey({ namespace, name: spec.providerRef.name })}'.`]),
    ...alertProblems(document),
  ];
  return {
    apiVersion: 'zekt.dev/v1',
    kind: 'Alert',
    metadata: { namespace, name },
    spec,
    status: { ready: problems.length === 0, reason: problems.length === 0 ? null : problems.join(' ') },
  };
}
