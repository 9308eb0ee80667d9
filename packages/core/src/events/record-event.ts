import type { DomainEvent } from '@zekt/contracts';
import { complete, type Handler } from '../ports/bus.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { addToTimeline, eventTimeline } from '../timeline.ts';

/** Writes published domain events into the one stream that people and hooks read, then tells those who want to know. */
export function recordEvents(store: DocumentStore, tell: (event: DomainEvent) => Promise<void>): Handler {
  return async ({ body }) => {
    const event = body as DomainEvent;
    await addToTimeline(store, eventTimeline, Date.parse(event.at), event.id, event);
    await tell(event);
    return complete;
  };
}
