import schemas from '../schemas.json' with { type: 'json' };
import { hookSchemas, hookWebhooks } from './hook-webhooks.ts';
import { limits } from './limits.ts';
import { operations, type Operation } from './operations.ts';

type Json = Record<string, unknown>;

const securityOf = {
  workflow: [{ workflowToken: [] }],
  management: [{ adminToken: [] }],
  party: [{ adminToken: [] }, { workflowToken: [] }],
  reporter: [{ adminToken: [] }, { adminPassword: [] }],
  card: [{ cardToken: [] }],
  person: [{ session: [] }],
  github: [{ webhookSignature: [] }],
  anyone: [],
} as const;

/** Bodies that say nothing when they are not there. */
const mayBeAbsent: ReadonlySet<string> = new Set(['DecisionRequest', 'InvitationRequest', 'ProviderTestRequest']);

const toComponents = (schema: unknown): unknown =>
  JSON.parse(JSON.stringify(schema).replaceAll('#/$defs/', '#/components/schemas/'));

const jsonOf = (schema: string): Json => ({
  'application/json': { schema: { $ref: `#/components/schemas/${schema}` } },
});

/** Of draft-ietf-httpapi-ratelimit-headers-10. */
const rateLimitHeaders = {
  'Retry-After': { description: 'Seconds until it may help to try again.', schema: { type: 'integer' } },
  'RateLimit-Policy': {
    description: 'Which limit: its name in `x-zekt-limits`, `q` how much within `w` seconds.',
    schema: { type: 'string' },
  },
  RateLimit: { description: '`r` what is left, `t` seconds until there is more.', schema: { type: 'string' } },
};

function contentOf(answer: Operation['answer']): Json {
  if ('html' in answer) return answer.status === 200 ? { content: { 'text/html': {} } } : {};
  if (!answer.otherSchema) return { content: jsonOf(answer.schema) };
  const either = [answer.schema, answer.otherSchema].map((name) => ({ $ref: `#/components/schemas/${name}` }));
  return { content: { 'application/json': { schema: { anyOf: either } } } };
}

function describeOperation(name: string, operation: Operation): Json {
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => ({
    name: parameter,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(operation.query ?? {}).map(([parameter, description]) => ({
    name: parameter,
    in: 'query',
    description,
    schema: { type: 'string' },
  }));
  const parameters = [...inPath, ...inQuery];
  const failures = Object.fromEntries(
    [...new Set([...operation.errors, 500, 503])].map((status) => [
      String(status),
      {
        description: 'See `code`.',
        ...(status === 429 && { headers: rateLimitHeaders }),
        content: jsonOf('ErrorAnswer'),
      },
    ]),
  );
  return {
    operationId: name,
    summary: operation.summary,
    security: securityOf[operation.caller],
    ...(parameters.length > 0 && { parameters }),
    ...(operation.request && {
      requestBody: { required: !mayBeAbsent.has(operation.request), content: jsonOf(operation.request) },
    }),
    responses: {
      [String(operation.answer.status)]: { description: 'Done.', ...contentOf(operation.answer) },
      ...failures,
    },
  };
}

/** The OpenAPI 3.1 document of the HTTP surface, made from the operations table and the same schemas that validate requests. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  for (const [name, operation] of Object.entries(operations) as [string, Operation][]) {
    (paths[operation.path] ??= {})[operation.method.toLowerCase()] = describeOperation(name, operation);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Zekt', version, license: { name: 'MIT', identifier: 'MIT' } },
    jsonSchemaDialect: schemas.$schema,
    'x-zekt-limits': limits,
    paths,
    webhooks: toComponents(hookWebhooks),
    components: {
      securitySchemes: {
        workflowToken: { type: 'http', scheme: 'bearer', bearerFormat: 'GitHub Actions OIDC token' },
        adminToken: { type: 'http', scheme: 'bearer' },
        adminPassword: {
          type: 'http',
          scheme: 'basic',
          description: 'Any user name; the admin token is the password.',
        },
        cardToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT of Microsoft Entra, or of the Bot Connector' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-zekt-session' },
        webhookSignature: { type: 'apiKey', in: 'header', name: 'X-Hub-Signature-256' },
      },
      schemas: toComponents({ ...schemas.$defs, ...hookSchemas }),
    },
  };
}
