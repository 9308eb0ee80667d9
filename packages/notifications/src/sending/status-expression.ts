import { Environment } from '@marcbachmann/cel-js';
import { orderedEvent, wholeSeconds, type NotificationEvent } from '../event/notification-event.ts';
import { boundMetadata } from '../event/bound-metadata.ts';
import { shorten } from '../event/shorten.ts';
import { addBoundedFunctions } from '../expressions/bounded-functions.ts';
import { addCollectionFunctions } from '../expressions/collection-functions.ts';
import { compileExpression, ExpressionError, firstLineOf } from '../expressions/compile-expression.ts';
import { metered } from '../expressions/metered.ts';
import { addStringFunctions } from '../expressions/string-functions.ts';

/** An evaluation must not hold up others: this many steps take some 20 ms. */
export const mostSteps = 10_000;
/** Of an event, in what an expression sees. */
const mostChars = 8000;
const mostMetadata = 16_000;

const objectFields = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];
const eventFields = ['severity', 'timestamp', 'message', 'reason', 'reportingController', 'reportingInstance'];
const texts = (fields: readonly string[]): Record<string, string> =>
  Object.fromEntries(fields.map((field) => [field, 'string']));

const environment = new Environment({
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: 500, maxDepth: 50 },
})
  .registerVariable({
    name: 'event',
    schema: { ...texts(eventFields), involvedObject: texts(objectFields), metadata: 'map<string, string>' },
  })
  .registerVariable({
    name: 'alert',
    schema: { metadata: texts(['namespace', 'name']), spec: 'map<string, dyn>' },
  })
  .registerVariable({
    name: 'provider',
    schema: { metadata: texts(['uid', 'namespace', 'name']), spec: 'map<string, dyn>' },
  });
const meter = metered(environment, new Set(['event', 'alert', 'provider']));
addStringFunctions(environment, meter.spend);
addCollectionFunctions(environment, meter.spend);
addBoundedFunctions(environment, meter.spend);
meter.attach();

type Compiled = ReturnType<typeof compileExpression>;

/** Compiled at first use; a provider has one. */
const compiled = new Map<string, Compiled>();
const remembered = 200;

function compile(expression: string): Compiled {
  let known = compiled.get(expression);
  if (!known) {
    known = compileExpression(environment, expression);
    if (known.type !== 'string' && known.type !== 'dyn')
      throw new ExpressionError(`it gives a value of type ${known.type}, and must give a text`);
    if (compiled.size >= remembered) compiled.clear();
    compiled.set(expression, known);
  }
  return known;
}

/** What is wrong with an expression that gives the context of a commit status, as far as can be told without an event; null: nothing. */
export function statusExpressionProblem(expression: string): string | null {
  try {
    compile(expression);
    return null;
  } catch (error) {
    return `commitStatusExpr can't be used: ${firstLineOf(error)}`;
  }
}

/**
 * The context that an expression gives, and the steps it took.
 *
 * @throws Error when it gives no text
 */
export function evaluateStatusId(
  expression: string,
  event: NotificationEvent,
  alert: object,
  provider: object,
): { readonly statusId: string; readonly steps: number } {
  try {
    const { run } = compile(expression);
    const variables = { event: eventVariable(event), alert, provider };
    const { value, steps } = meter.evaluate(() => run(variables) as unknown, mostSteps);
    if (typeof value !== 'string' || value === '') throw new ExpressionError('it must give a text that is not empty');
    return { statusId: value, steps };
  } catch (error) {
    throw new Error(`commitStatusExpr failed: ${firstLineOf(error)}`, { cause: error });
  }
}

/** The event as far as a context can be made of it. */
function eventVariable(event: NotificationEvent): object {
  const bounded = boundMetadata({ ...event, message: shorten(event.message, mostChars) }, mostMetadata);
  return { metadata: {}, ...orderedEvent(bounded), timestamp: wholeSeconds(event.timestamp) ?? '' };
}
