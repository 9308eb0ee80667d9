import type { operations } from '@zekt/contracts';
import type { AnswerOf, CallInput, Client } from '../client.ts';

type Operations = typeof operations;
/** The operations that answer a page of items. */
type Listing = { [N in keyof Operations]: AnswerOf<N> extends { items: unknown[] } ? N : never }[keyof Operations];
type ItemOf<N extends Listing> = AnswerOf<N> extends { items: (infer T)[] } ? T : never;

/** All pages of a listing, up to `most` items. */
export async function listAll<N extends Listing>(
  client: Client,
  operation: N,
  input: CallInput,
  most: number,
): Promise<ItemOf<N>[]> {
  const items: ItemOf<N>[] = [];
  let after: string | undefined;
  do {
    const limit = String(Math.min(100, most - items.length));
    const page = (await client(operation, { ...input, query: { ...input.query, limit, after } })) as unknown as {
      items: ItemOf<N>[];
      next: string | null;
    };
    items.push(...page.items);
    after = page.next ?? undefined;
  } while (after !== undefined && items.length < most);
  return items;
}
