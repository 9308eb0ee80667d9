import type { ASTNode, Environment, ParseResult } from '@marcbachmann/cel-js';
import { replacements } from './bounded-functions.ts';
import { linearPattern } from './linear-pattern.ts';

/** The problem of an expression, in a sentence. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

const longest = 2000;

/** A member of a list or map that is there only where an optional has a value; the library's grammar has none. */
const optionalMember = /[[{,]\s*\?/;

/** Of cel-go's extensions, what is left out. */
const missing = (word: string): string =>
  `'${word}' is not supported here; use hasValue(), value(), or() or orValue() instead`;

export const firstLineOf = (error: unknown): string =>
  error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';

/**
 * Reads an expression and checks its types.
 *
 * @returns what evaluates it, and the name of the type that it gives: `dyn` where that depends on values
 * @throws ExpressionError
 */
export function compileExpression(
  environment: Environment,
  expression: string,
): { readonly run: ParseResult; readonly type: string } {
  if (expression.length > longest) throw new ExpressionError(`it has more than ${longest} characters`);
  let run: ParseResult;
  try {
    run = environment.parse(expression);
  } catch (error) {
    if (optionalMember.test(expression)) throw new ExpressionError(missing('[?x]'), { cause: error });
    throw new ExpressionError(`it is no CEL expression: ${firstLineOf(error)}`, { cause: error });
  }
  bound(run.ast);
  const { valid, type = 'dyn', error } = run.check();
  if (!valid) throw new ExpressionError(firstLineOf(error), { cause: error });
  return { run, type };
}

/** Calls our functions for those that have no bounds, and reads the patterns that are written out. */
function bound(node: ASTNode): void {
  if (node.op === 'call' || node.op === 'rcall') {
    const [name] = node.args;
    if (node.op === 'rcall' && /^opt(?:Flat)?Map$/.test(name)) throw new ExpressionError(missing(name));
    const pattern = node.op === 'call' ? node.args[1][1] : node.args[2][0];
    if (name === 'matches' && pattern?.op === 'value' && typeof pattern.args === 'string') {
      const read = linearPattern(pattern.args);
      if (typeof read === 'string') throw new ExpressionError(read);
    }
    node.args[0] = replacements.get(name) ?? name;
  }
  for (const child of childrenOf(node)) bound(child);
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}
