import type { AlertSpec, DomainEventType } from '@zekt/contracts';
import type { Clock, DocumentStore, Listeners, Work } from '@zekt/core';
import { fromDomainEvent, mappings, mayBeError, surroundingsOf } from '../event/from-domain-event.ts';
import type { NotificationEvent } from '../event/notification-event.ts';
import type { AlertDocument } from './alert-document.ts';
import type { AlertList } from './alert-list.ts';

export interface ListenersContext {
  readonly store: DocumentStore;
  readonly clock: Pick<Clock, 'now'>;
  /** Of the App's GitHub. */
  readonly issuer: string;
  readonly alerts: AlertList;
}

/**
 * Alerts, as those who listen to domain events.
 *
 * `want` answers no only from what was read within the last second: otherwise it says yes, and the queue of events looks again. So an event
 * is never missed by more than that second, and what is busy costs no message for events that nobody wants.
 *
 * @param raise what follows from an event of ours
 */
export function alertListeners(
  { store, clock, issuer, alerts }: ListenersContext,
  raise: (event: NotificationEvent, eventId: string) => Promise<{ readonly work: Work }>,
): Listeners {
  /** By the list that it was asked of: a new list is a new answer. */
  const answers = new WeakMap<readonly AlertDocument[], Map<DomainEventType, boolean>>();
  return {
    want({ type }) {
      const known = alerts.known();
      if (known === null) return true;
      const ofList = answers.get(known) ?? new Map<DomainEventType, boolean>();
      answers.set(known, ofList);
      const answer = ofList.get(type) ?? known.some(({ spec }) => couldTake(spec, type));
      ofList.set(type, answer);
      return answer;
    },
    async tell(event) {
      // What it took place around is read only where somebody listens.
      if (!(await alerts.all()).some(({ spec }) => couldTake(spec, event.type))) return {};
      const around = await surroundingsOf(store, issuer, event, clock.now());
      return (await raise(fromDomainEvent(event, around), event.id)).work;
    },
  };
}

/** By what is known of an event from its type alone. */
function couldTake({ suspend, eventSeverity, eventSources }: AlertSpec, type: DomainEventType): boolean {
  if (suspend === true) return false;
  if (eventSeverity === 'error' && !mayBeError(type)) return false;
  const { kind } = mappings[type];
  return eventSources.some((source) => source.kind === '*' || source.kind === kind);
}
