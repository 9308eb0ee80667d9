import { Environment, Optional } from '@marcbachmann/cel-js';
import type { Spend } from './meter.ts';

type List = readonly unknown[];

/** By CEL's own equality. */
const includesAll = new Environment()
  .registerVariable('items', 'list')
  .registerVariable('other', 'list')
  .parse('other.all(item, item in items)') as (lists: { items: List; other: List }) => boolean;

/** cel-go's sets and encoders extensions ("ext: Sets", "ext: Encoders", github.com/google/cel-go). */
export function addCollectionFunctions(environment: Environment, spend: Spend): void {
  const contains = (list: List, other: List): boolean => {
    spend(list.length * other.length);
    return includesAll({ items: list, other });
  };
  class Sets {
    readonly name = 'sets';
  }
  class Base64 {
    readonly name = 'base64';
  }
  environment
    .registerType('sets', Sets)
    .registerConstant('sets', 'sets', new Sets())
    .registerFunction('sets.contains(list, list): bool', (_: unknown, list: List, other: List) => contains(list, other))
    .registerFunction(
      'sets.equivalent(list, list): bool',
      (_: unknown, list: List, other: List) => contains(list, other) && contains(other, list),
    )
    .registerFunction('sets.intersects(list, list): bool', (_: unknown, list: List, other: List) =>
      other.some((item) => contains(list, [item])),
    )
    .registerType('base64', Base64)
    .registerConstant('base64', 'base64', new Base64())
    .registerFunction('base64.encode(bytes): string', (_: unknown, bytes: Uint8Array) =>
      Buffer.from(bytes).toString('base64'),
    )
    .registerFunction('base64.decode(string): bytes', (_: unknown, text: string) => decodeBase64(text))
    .registerFunction('list<A>.first(): optional<A>', ([first]: List) => Optional.of(first))
    .registerFunction('list<A>.last(): optional<A>', (list: List) => Optional.of(list.at(-1)));
}

function decodeBase64(text: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new RangeError('base64.decode: the text is no Base64');
  return new Uint8Array(Buffer.from(text, 'base64'));
}
