import schemas from '../schemas.json' with { type: 'json' };
import { domainEventTypes } from './domain-event-types.ts';
import { methodsOfServices } from './hook-methods.ts';
import { operations, type Operation, type OperationName } from './operations.ts';

type Json = Record<string, unknown>;
interface Hook {
  /** The condition that it is called by, as one word. */
  readonly condition: string;
  /** Of the schema of what a target is sent. */
  readonly name: string;
  readonly body: Json;
  /** What a `restCall` may answer; null: answers are not read. */
  readonly answer: unknown;
}

const { HookRequestBody, HookResponseBody, HookEventBody } = schemas.$defs;
const refTo = (name: string): Json => ({ $ref: `#/$defs/${name}` });
const anyOf = (all: readonly unknown[]): unknown => (all.length === 1 ? all[0] : { anyOf: all });

/** The schema with some of its properties told more exactly. */
const narrowed = (schema: { readonly properties: object }, properties: Json): Json => ({
  ...schema,
  properties: { ...schema.properties, ...properties },
});

/** GitHub's webhooks are as GitHub says. */
const requestOf = (name: OperationName): unknown => {
  const { request }: Operation = operations[name];
  if (request !== undefined) return refTo(request);
  return name === 'receiveWebhook'
    ? { type: 'object', description: "The webhook's payload." }
    : { type: 'object', additionalProperties: false, description: 'Nothing: this method has no body.' };
};

function answersOf(name: OperationName): readonly unknown[] {
  const { answer }: Operation = operations[name];
  if (!('schema' in answer)) return [{}];
  return [answer.schema, ...(answer.otherSchema ? [answer.otherSchema] : [])].map(refTo);
}

function hooksOfMethod(fullMethod: string, names: readonly OperationName[]): readonly Hook[] {
  const method = fullMethod.slice(fullMethod.lastIndexOf('/') + 1);
  const [request, response] = [anyOf(names.map(requestOf)), anyOf(names.flatMap(answersOf))];
  const exactly = { fullMethod: { const: fullMethod } };
  return [
    {
      condition: `request:${fullMethod}`,
      name: `${method}HookRequest`,
      body: narrowed(HookRequestBody, { ...exactly, request }),
      answer: request,
    },
    {
      condition: `response:${fullMethod}`,
      name: `${method}HookResponse`,
      body: narrowed(HookResponseBody, { ...exactly, request, response }),
      answer: response,
    },
  ];
}

const pascal = (type: string): string => type.replace(/(?:^|[._])(\w)/g, (_, first: string) => first.toUpperCase());

const hookOfEvent = (type: string): Hook => ({
  condition: `event:${type}`,
  name: `${pascal(type)}HookEvent`,
  body: narrowed(HookEventBody, { eventType: { const: type } }),
  answer: null,
});

const hooks: readonly Hook[] = [
  ...Object.entries(methodsOfServices).flatMap(([service, methods]) =>
    Object.entries(methods).flatMap(([method, names]: readonly [string, readonly OperationName[]]) =>
      hooksOfMethod(`/${service}/${method}`, names),
    ),
  ),
  ...domainEventTypes.filter((type) => !type.startsWith('hook.')).map(hookOfEvent),
];

/** The schema of every body that a target with `payloadType: JSON` is sent, by name; they refer to the contracts' own as `#/$defs/…`. */
export const hookSchemas: Readonly<Record<string, Json>> = Object.fromEntries(
  hooks.map(({ name, body }) => [name, body]),
);

const json = (schema: unknown): Json => ({ 'application/json': { schema } });
const headers = ['Zekt-Signature', 'Zekt-Delivery', 'Zekt-Attempt'].map((name) => ({
  name,
  in: 'header',
  required: true,
  schema: { type: 'string' },
}));

const describe = ({ name, body, answer }: Hook): Json => ({
  post: {
    operationId: name,
    description: body.description,
    parameters: headers,
    requestBody: { required: true, content: json(refTo(name)) },
    responses: {
      '200':
        answer === null
          ? { description: 'Taken. The body is not read.' }
          : {
              description: 'An empty body changes nothing.',
              content: json({ anyOf: [answer, refTo('HookForwardedError')] }),
            },
    },
  },
});

/** What Zekt calls, for OpenAPI's `webhooks`: each by the condition of the execution that it takes. */
export const hookWebhooks: Readonly<Record<string, Json>> = Object.fromEntries(
  hooks.map((hook) => [hook.condition, describe(hook)]),
);
