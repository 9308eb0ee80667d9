import schemas from '../schemas.json' with { type: 'json' };
import type { DomainEventType } from './generated/types.ts';

/** Every type of domain event. */
export const domainEventTypes: readonly DomainEventType[] = schemas.$defs.DomainEventType.enum as DomainEventType[];
