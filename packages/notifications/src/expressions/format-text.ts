import { UnsignedInt } from '@marcbachmann/cel-js/evaluator';

const clause = /%(?:\.(\d{1,3}))?([a-zA-Z%])/g;

/**
 * What cel-go's `format` makes of a text: `%s %d %f %e %x %X %o %b %%`, with a precision for `%f` and `%e` ("ext: Strings", github.com/google/cel-go).
 *
 * @throws RangeError for a clause or a value that don't go together
 */
export function formatText(text: string, values: readonly unknown[]): string {
  let next = 0;
  return text.replace(clause, (_, precision: string | undefined, kind: string) => {
    if (kind === '%') return '%';
    if (next >= values.length) throw new RangeError(`format: there is no value for clause ${next + 1}`);
    const value = values[next];
    next += 1;
    return formatOne(kind, value, precision === undefined ? 6 : Number(precision));
  });
}

function formatOne(kind: string, value: unknown, precision: number): string {
  const whole: unknown = value instanceof UnsignedInt ? value.value : value;
  const isNumber = typeof whole === 'bigint' || typeof whole === 'number';
  if (kind === 's') return plainText(whole);
  if (kind === 'd' && isNumber) return String(whole);
  if (kind === 'f' && isNumber) return Number(whole).toFixed(Math.min(precision, 100));
  if (kind === 'e' && isNumber) return scientific(Number(whole), precision);
  if (kind === 'b' && (typeof whole === 'bigint' || typeof whole === 'boolean')) return BigInt(whole).toString(2);
  if (kind === 'o' && typeof whole === 'bigint') return whole.toString(8);
  if (kind === 'x' || kind === 'X') return inCase(hexadecimal(whole), kind === 'X');
  throw new RangeError(`format: %${kind} can't show such a value`);
}

const inCase = (text: string, isUpper: boolean): string => (isUpper ? text.toUpperCase() : text);

function hexadecimal(value: unknown): string {
  if (typeof value === 'bigint') return value.toString(16);
  if (typeof value === 'string' || value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  throw new RangeError("format: %x can't show such a value");
}

/** The exponent has two digits at least, as in Go. */
const scientific = (value: number, precision: number): string =>
  value.toExponential(Math.min(precision, 100)).replace(/e([+-])(\d)$/, 'e$10$2');

function plainText(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (Array.isArray(value)) return `[${value.map(plainText).join(', ')}]`;
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  if (value instanceof Map) return plainMap([...value]);
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return plainMap(Object.entries(value));
  return String(value);
}

const plainMap = (entries: readonly (readonly [unknown, unknown])[]): string =>
  `{${entries
    .map(([key, value]) => `${plainText(key)}: ${plainText(value)}`)
    .sort()
    .join(', ')}}`;
