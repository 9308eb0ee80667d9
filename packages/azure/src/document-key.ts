/** Cosmos DB refuses these in an id; `~` is what escapes begin with. */
const unsafeInId = /[/\\?#~\u0000-\u001f\u007f-\uffff]/g;
const escape = (character: string): string => `~${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
const unescape = (text: string): string =>
  text.replace(/~([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** An id that Cosmos DB takes, and back. */
export const toItemId = (id: string): string => id.replace(unsafeInId, escape);
export const fromItemId = unescape;

/**
 * The same in ASCII and in the same order: what comes after `}` begins with `~`, the highest character that is left, and then counts in
 * six digits. So a sort by it is a sort by code points, whatever the collation.
 */
export const toSortKey = (id: string): string =>
  id.replace(/[~-\u{10ffff}]/gu, (character) => `~${(character.codePointAt(0) ?? 0).toString(16).padStart(6, '0')}`);
/** Above every sort key that starts with this one. */
export const afterSortKeys = (prefix: string): string => `${prefix}\u007f`;
