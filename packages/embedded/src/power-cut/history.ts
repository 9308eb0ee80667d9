import fc from 'fast-check';

/** What somebody asks of the store at about the same time. */
export type Op =
  /** Writes a document that others write too, and one of its own; perhaps with a message. */
  | { readonly kind: 'put'; readonly id: number; readonly size: number; readonly message: Fate | null }
  | { readonly kind: 'delete'; readonly id: number }
  /** Reads a document in several turns of the event loop. */
  | { readonly kind: 'read'; readonly id: number }
  | { readonly kind: 'publish'; readonly messages: readonly Fate[] };

/** What becomes of a message. */
export type Fate = (typeof fates)[number];
const fates = ['complete', 'write', 'fail', 'again', 'bury', 'publish'] as const;

export type Turn =
  | { readonly kind: 'ops'; readonly ops: readonly Op[]; readonly isAwaited: boolean }
  | { readonly kind: 'time'; readonly ms: number }
  /** Somebody else begins or ends to read, and holds up the copying of the log. */
  | { readonly kind: 'reader' }
  /** The process is killed, and another starts on what it has written. */
  | { readonly kind: 'kill' };

const fate = fc.constantFrom(...fates);
const document = fc.nat({ max: 4 });
const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      id: document,
      size: fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 20_000 })),
      message: fc.option(fate),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), id: document }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('read' as const), id: document }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('publish' as const), messages: fc.array(fate, { maxLength: 4 }) }),
  },
);

export const histories: fc.Arbitrary<readonly Turn[]> = fc.array(
  fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({
        kind: fc.constant('ops' as const),
        ops: fc.array(op, { minLength: 1, maxLength: 4 }),
        isAwaited: fc.boolean(),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(1000, 5000) }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'reader' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'kill' as const }) },
  ),
  { minLength: 3, maxLength: 14 },
);
