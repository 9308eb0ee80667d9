import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { CostError, Meter, type Spend } from './meter.ts';

/** What the library hands to macros ("Macro function", its documentation of `registerFunction`): each part of an expression goes through `run`. */
interface Evaluator {
  run: (node: ASTNode, context: unknown) => unknown;
}

const stepsOfACall = 10;
/** A time zone is looked up anew each time. */
const stepsOfATimeZone = 500;

/** Parts whose value is nothing new: it was paid for where it was made. */
const passing: ReadonlySet<string> = new Set(['?:', 'accuPush', 'accuValue', '.', '[]', '.?', '[?]']);

export interface Metered {
  readonly spend: Spend;
  /**
   * What an evaluation gives, and the steps it took.
   *
   * @throws CostError where they are more than `most`
   */
  readonly evaluate: (evaluate: () => unknown, most: number) => { readonly value: unknown; readonly steps: number };
  /** To be called when all functions are there. */
  readonly attach: () => void;
}

/** Counts the steps of everything that is evaluated in an environment, where the library has no limit of its own. */
export function metered(environment: Environment, inputs: ReadonlySet<string>): Metered {
  let meter = new Meter(0);
  const pay = (node: ASTNode, value: unknown): void => {
    meter.spend(1);
    const isInput = node.op === 'id' && inputs.has(node.args);
    if (typeof value === 'string' || !(isInput || passing.has(node.op))) meter.weigh(value);
  };
  return {
    spend: (steps) => meter.spend(steps),
    evaluate(evaluate, most) {
      meter = new Meter(most);
      const value = evaluate();
      // An error that `||` or `exists` has swallowed.
      if (meter.spent > most) throw new CostError(most);
      return { value, steps: meter.spent };
    },
    attach() {
      let evaluator: Evaluator | null = null;
      environment.registerFunction('zektEvaluator(ast): bool', () => ({
        typeCheck: (checker: { getType: (name: string) => unknown }) => checker.getType('bool'),
        evaluate: (its: Evaluator) => {
          evaluator = its;
          return true;
        },
      }));
      environment.evaluate('zektEvaluator(true)');
      attachTo(
        evaluator,
        (node) => {
          if (node.op !== 'call' && node.op !== 'rcall') return;
          const isInZone = node.op === 'rcall' && node.args[0].startsWith('get') && node.args[2].length > 0;
          meter.spend(isInZone ? stepsOfATimeZone : stepsOfACall);
        },
        pay,
      );
    },
  };
}

function attachTo(
  evaluator: Evaluator | null,
  before: (node: ASTNode) => void,
  after: (node: ASTNode, value: unknown) => void,
): void {
  if (evaluator === null) throw new TypeError('the library hands its evaluator to no macro any more');
  const run = evaluator.run.bind(evaluator);
  evaluator.run = (node, context) => {
    before(node);
    const value = run(node, context);
    after(node, value);
    return value;
  };
}
