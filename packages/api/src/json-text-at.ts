import { parseTree, type Node } from 'jsonc-parser';

/**
 * The text of a value inside JSON text, just as it was written: reading and printing it anew would round long numbers. Of members with the
 * same name the last counts, as for `JSON.parse`.
 *
 * @param text valid JSON, not nested more deeply than a stack bears
 * @returns null where there is no such member
 */
export function jsonTextAt(text: string, path: readonly string[]): string | null {
  let node: Node | undefined = parseTree(text);
  for (const name of path) node = memberOf(node, name);
  return node ? text.slice(node.offset, node.offset + node.length) : null;
}

const memberOf = (node: Node | undefined, name: string): Node | undefined =>
  node?.type === 'object'
    ? node.children?.findLast(({ children }) => children?.[0]?.value === name)?.children?.[1]
    : undefined;
