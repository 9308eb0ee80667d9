import type { DomainEvent } from '@zekt/contracts';
import { complete, type Handler } from '../ports/bus.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { addToTimeline, eventTimeline } from '../timeline.ts';

/** Writes published domain events into the one stream that people, notifications and hooks read. */
export function recordEvents(store: DocumentStore): Handler {
  return async ({ body }) => {
    const event = body as DomainEvent;
    await addToTimeline(store, eventTimeline, Date.parse(event.at), event.id, event);
    return complete;
  };
}
