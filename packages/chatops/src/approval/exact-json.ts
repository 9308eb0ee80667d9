/** `JSON.rawJSON` and the source text for revivers (ECMAScript proposal "JSON.parse source text access"), which TypeScript does not know. */
interface ExactJson {
  rawJSON(text: string): unknown;
  parse(text: string, revive: (key: string, value: unknown, context: { readonly source?: string }) => unknown): unknown;
}

const exact = JSON as unknown as ExactJson;

/** JSON as a value that `JSON.stringify` prints with the same numbers, digit for digit, also those that JavaScript would round. */
export const parseExact = (text: string): unknown =>
  exact.parse(text, (_, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? exact.rawJSON(source) : value,
  );
