import { badRequest } from './cosmos-error.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Document = Record<string, Json>;

export interface QueryRequest {
  readonly query: string;
  readonly parameters?: readonly { readonly name: string; readonly value: Json }[];
}

type Condition = (document: Document) => boolean;

export interface Query {
  readonly isCount: boolean;
  readonly condition: Condition;
  readonly order: { readonly path: string; readonly descending: boolean } | null;
}

const token =
  /\s*(?:(@\w+)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(<=|>=|!=|[=<>(),.*]))/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (text.slice(token.lastIndex).trim() !== '') {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw badRequest(`Syntax error, incorrect syntax near '${text.slice(at, at + 20).trim()}'.`);
    tokens.push(match[0].trim());
  }
  return tokens;
}

/** At a path like `/a/b`; undefined where there is nothing. */
export function at(document: Document, path: string): Json | undefined {
  let value: Json | undefined = document;
  for (const key of path.split('/').slice(1)) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
    value = value[key];
  }
  return value;
}

/** Strings compare by code units; values of different types are neither smaller nor greater, as in Cosmos DB. */
export function compare(operator: string, left: Json | undefined, right: Json | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  if (operator === '=') return left === right;
  if (operator === '!=') return left !== right;
  if (typeof left !== typeof right || left === null || right === null) return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  if (operator === '>') return left > right;
  return left >= right;
}

/**
 * A small part of the query language, and a refusal of all the rest:
 * `SELECT *|VALUE COUNT(1) FROM c [WHERE condition [AND condition]…] [ORDER BY c.path [ASC|DESC]]`, where a condition compares a path with
 * a parameter or literal, or is IS_DEFINED(path) or STARTSWITH(path, value).
 */
export function parseQuery({ query, parameters = [] }: QueryRequest): Query {
  const tokens = tokensOf(query);
  let next = 0;
  const peek = (): string => tokens[next] ?? '';
  const fail = (): never => {
    throw badRequest(`Syntax error, incorrect syntax near '${peek()}'. The double knows a small part of the language.`);
  };
  const is = (word: string): boolean => peek().toUpperCase() === word;
  const take = (word: string): void => {
    if (!is(word)) fail();
    next += 1;
  };
  const took = (word: string): boolean => {
    if (!is(word)) return false;
    next += 1;
    return true;
  };
  const path = (): string => {
    take('C');
    let result = '';
    while (took('.')) {
      if (!/^[A-Za-z_]\w*$/.test(peek())) fail();
      result += `/${peek()}`;
      next += 1;
    }
    return result === '' ? fail() : result;
  };
  const value = (): Json | undefined => {
    const text = peek();
    next += 1;
    if (text.startsWith('@')) return parameters.find(({ name }) => name === text)?.value;
    if (/^-?\d/.test(text)) return Number(text);
    if (/^['"]/.test(text)) return text.slice(1, -1);
    if (/^(true|false|null)$/i.test(text)) return JSON.parse(text.toLowerCase()) as Json;
    next -= 1;
    return fail();
  };
  const condition = (): Condition => {
    if (took('IS_DEFINED')) {
      take('(');
      const operand = path();
      take(')');
      return (document) => at(document, operand) !== undefined;
    }
    if (took('STARTSWITH')) {
      take('(');
      const operand = path();
      take(',');
      const prefix = value();
      take(')');
      return (document) => {
        const text = at(document, operand);
        return typeof text === 'string' && typeof prefix === 'string' && text.startsWith(prefix);
      };
    }
    const operand = path();
    const operator = peek();
    if (!['=', '!=', '<', '<=', '>', '>='].includes(operator)) fail();
    next += 1;
    const wanted = value();
    return (document) => compare(operator, at(document, operand), wanted);
  };

  take('SELECT');
  const isCount = took('VALUE');
  if (isCount) for (const word of ['COUNT', '(', '1', ')']) take(word);
  else take('*');
  take('FROM');
  take('C');
  const conditions: Condition[] = [];
  if (took('WHERE')) {
    do conditions.push(condition());
    while (took('AND'));
  }
  let order: Query['order'] = null;
  if (took('ORDER')) {
    take('BY');
    order = { path: path(), descending: took('DESC') || (took('ASC') && false) };
  }
  if (next < tokens.length) fail();
  return { isCount, condition: (document) => conditions.every((holds) => holds(document)), order };
}

/** Sorted where an order is asked for; documents without the path do not appear then. */
export function runQuery({ condition, order }: Query, documents: readonly Document[]): Document[] {
  const found = documents.filter(condition);
  if (!order) return found;
  const key = (document: Document): Json | undefined => at(document, order.path);
  const sign = order.descending ? -1 : 1;
  return found
    .filter((document) => key(document) !== undefined)
    .sort((a, b) => (compare('<', key(a), key(b)) ? -sign : compare('<', key(b), key(a)) ? sign : 0));
}
