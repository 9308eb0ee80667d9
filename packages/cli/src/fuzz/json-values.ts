import fc from 'fast-check';
import schemas from '@zekt/contracts/schemas.json' with { type: 'json' };

/** Long runs of these are recognised in an answer. */
export const fillers = ['Z', '\u0416', '\u{1F980}'] as const;

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly minimum?: number;
  readonly default?: unknown;
}

const definitions: Readonly<Record<string, unknown>> = schemas.$defs;

export const longText: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...fillers), fc.constantFrom(300, 1500, 20_000))
  .map(([filler, length]) => filler.repeat(length));

const words = fc.constantFrom(
  'acme',
  'acme/requests',
  'acme/orders',
  'orders',
  'a',
  '101',
  '.github/workflows/order.yaml',
  'https://example.com/x',
  '2026-11-24T00:00:00Z',
  '*',
);
const oddText: fc.Arbitrary<string> = fc.oneof(
  longText,
  fc.constantFrom(
    '',
    '\u0000',
    '\u001b[2J',
    '\u202e',
    '::set-output name=a::b',
    '__proto__',
    'constructor',
    '../..',
    '\'"`',
    '\ud800',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
export const text: fc.Arbitrary<string> = fc.oneof({ weight: 3, arbitrary: words }, oddText);

const nested = fc.constantFrom(10, 70, 3000).map((depth) => {
  let value: unknown = 1;
  for (let n = 0; n < depth; n += 1) value = n % 2 === 0 ? [value] : { a: value };
  return value;
});
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.constantFrom<unknown>(null, true, 0, -1, 1e308, 2 ** 53, [], {}, [null], { toString: 1 }, { length: 5 }),
  fc.dictionary(text, text, { maxKeys: 3 }),
  nested,
  fc.constant({ apiVersion: 'v1', kind: 'List', items: [null, { kind: null, metadata: null }] }),
);

/** Values that are nearly always what a schema wants. */
function valueOf(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  if (depth > 12) return fc.constant({});
  const name = schema.$ref?.split('/').at(-1);
  if (name !== undefined) return valueOf(definitions[name] ?? {}, depth + 1);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const either = schema.anyOf ?? schema.oneOf;
  if (either && !schema.properties) return fc.oneof(...either.map((it) => valueOf(it, depth + 1)));
  const type = typeof schema.type === 'string' ? schema.type : schema.type?.[0];
  if (type === 'object' || schema.properties) {
    const fields = Object.entries(schema.properties ?? {}).map(([key, it]) => [key, valueOf(it, depth + 1)] as const);
    return fc.record(Object.fromEntries(fields), {
      requiredKeys: (schema.required ?? []).filter((key) => key in (schema.properties ?? {})),
    });
  }
  if (type === 'array')
    return fc.array(valueOf(schema.items ?? {}, depth + 1), { minLength: schema.minItems ?? 0, maxLength: 3 });
  if (type === 'integer' || type === 'number') return fc.integer({ min: schema.minimum ?? 0, max: 100_000 });
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  return type === 'string' ? text : oddValue;
}

/** One field anywhere in a value is something else. */
function spoiled(value: unknown, path: readonly number[], other: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== 'object' || value === null) return other;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return other;
  const inner = spoiled((value as Record<string, unknown>)[key], rest, other);
  return Array.isArray(value) ? value.with(Number(key), inner) : { ...value, [key]: inner };
}

/** What a contract wants, or nearly always so. */
export const valuesOf = (contract: string): fc.Arbitrary<unknown> => valueOf({ $ref: `#/$defs/${contract}` });

/** What a contract wants, or nearly. */
export function nearly(contract: string): fc.Arbitrary<unknown> {
  const good = valuesOf(contract);
  return fc.oneof(
    good,
    fc
      .tuple(good, fc.array(fc.nat(20), { maxLength: 4 }), oddValue)
      .map(([value, path, other]) => spoiled(value, path, other)),
    fc.tuple(good, text).map(([value, key]) => (typeof value === 'object' ? { ...value, [key]: 1 } : value)),
    oddValue,
  );
}
