import { domainEventTypes, methodsOfServices } from '@zekt/contracts';

/** What conditions may name. */
export interface Catalogue {
  /** `/zekt.event.v1.EventService/ReceiveEvent`. */
  readonly methods: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  /** `delivery.failed`. */
  readonly events: ReadonlySet<string>;
  /** Every beginning of an event, at a dot: `delivery`. */
  readonly groups: ReadonlySet<string>;
}

/** Facts about hooks never run hooks: a hook that fails would feed itself. */
const ownFacts = 'hook.';

/** @param methods with their services, as `/service/Method` */
export function catalogueOf(
  methods: Iterable<string>,
  functions: Iterable<string>,
  events: Iterable<string>,
): Catalogue {
  const allMethods = new Set(methods);
  const allEvents = new Set([...events].filter((event) => !event.startsWith(ownFacts)));
  return {
    methods: allMethods,
    services: new Set([...allMethods].map(serviceOf)),
    functions: new Set(functions),
    events: allEvents,
    groups: new Set([...allEvents].flatMap(groupsOf)),
  };
}

/** `zekt.event.v1.EventService` of one of its methods. */
export const serviceOf = (method: string): string => method.slice(1, method.lastIndexOf('/'));

/** The groups that an event is in, the nearest first: `a.b` and `a` for `a.b.c`. */
export function groupsOf(event: string): string[] {
  const segments = event.split('.');
  return segments
    .slice(1)
    .map((_, index) => segments.slice(0, index + 1).join('.'))
    .reverse();
}

/** What there is to hook into. */
export const zektCatalogue: Catalogue = catalogueOf(
  Object.entries(methodsOfServices).flatMap(([service, methods]) =>
    Object.keys(methods).map((method) => `/${service}/${method}`),
  ),
  // No step of the loop asks hooks: a condition that nothing meets would be refused rather than never fire.
  [],
  domainEventTypes,
);
