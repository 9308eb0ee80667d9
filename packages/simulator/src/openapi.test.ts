import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { App } from '@octokit/app';
import { Octokit } from '@octokit/core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { GitHubSimulator, type Exchange } from './github-simulator.ts';

// GitHub's own description of its API holds the simulator to the truth, and octokit is the client.

interface Media {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}
interface Operation {
  readonly requestBody?: Media;
  readonly responses: Readonly<Record<string, Media & { readonly $ref?: string }>>;
}
type Description = Record<string, unknown> & {
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, Media> };
};

const path = new URL('../../../node_modules/@octokit/openapi/generated/api.github.com.json', import.meta.url);
/** OpenAPI 3.0 says `nullable` where JSON Schema says "or null". */
const withoutNullable = (_: string, value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || !('nullable' in value)) return value;
  const { nullable, ...schema } = value;
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
};
const description = JSON.parse(readFileSync(path, 'utf8'), withoutNullable) as Description;
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema(description, 'github');

let github: GitHubSimulator;
let app: App;
let exchanges: Exchange[];

beforeAll(async () => {
  github = await GitHubSimulator.start();
  app = new App({
    appId: github.appId,
    privateKey: github.privateKey,
    Octokit: Octokit.defaults({ baseUrl: github.url }),
  });
  exchanges = [];
  github.onExchange = (exchange) => exchanges.push(exchange);
});
afterAll(() => github.stop());

function operationOf({ method, path: actual }: Exchange): { pointer: string; operation: Operation } | null {
  const template = Object.keys(description.paths).find((it) =>
    new RegExp(`^${it.replace(/\{\w+\}/g, '[^/]+')}$`).test(actual),
  );
  const operation = template === undefined ? undefined : description.paths[template]?.[method.toLowerCase()];
  if (template === undefined || !operation) return null;
  return {
    pointer: `/paths/${template.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}/${method.toLowerCase()}`,
    operation,
  };
}

function problemsOf(exchange: Exchange): string[] {
  const found = operationOf(exchange);
  if (!found) return [`${exchange.method} ${exchange.path} is not in GitHub's description`];
  const check = (pointer: string, media: Media | undefined, body: string): string[] => {
    if (!media?.content?.['application/json']) return [];
    const validate = ajv.compile({ $ref: `github#${pointer}/content/application~1json/schema` });
    return validate(JSON.parse(body))
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${exchange.path}${instancePath} ${message ?? ''}`);
  };
  const { operation, pointer } = found;
  const response = operation.responses[String(exchange.status)];
  if (!response) return [`${exchange.method} ${exchange.path} never answers ${exchange.status}`];
  return [
    ...(exchange.requestBody === '' || exchange.status >= 400
      ? []
      : check(`${pointer}/requestBody`, operation.requestBody, exchange.requestBody)),
    ...(response.$ref ? [] : check(`${pointer}/responses/${exchange.status}`, response, exchange.responseBody)),
  ];
}

test('every request of octokit and every answer of the simulator is as GitHub describes it', async () => {
  const repository = github.repository('contoso/platform');
  const installation = github.install([repository]);
  const run = github.startRun(repository);
  github.completeRun(run);
  github.webhooks.send('ping', { zen: 'x' });
  await github.webhooks.settled();

  const octokit = await app.getInstallationOctokit(installation.id);
  const where = { owner: 'contoso', repo: 'platform' };
  await app.octokit.request('GET /repos/{owner}/{repo}/installation', where);
  await app.octokit.request('GET /app');
  await app.octokit.request('GET /app/hook/config');
  await app.octokit.request('GET /app/installations');
  await app.octokit.request('GET /app/hook/deliveries', { per_page: 10 });
  await octokit.request('GET /repos/{owner}/{repo}', where);
  await octokit.request('GET /installation/repositories');
  await octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}', {
    ...where,
    run_id: run.id,
    attempt_number: 1,
  });
  await octokit.request('POST /repos/{owner}/{repo}/dispatches', {
    ...where,
    event_type: 'built',
    client_payload: { a: 1 },
  });
  await expect(
    octokit.request('GET /repos/{owner}/{repo}', { owner: 'contoso', repo: 'nothing' }),
  ).rejects.toMatchObject({ status: 404 });
  await expect(
    octokit.request('POST /repos/{owner}/{repo}/dispatches', { ...where, event_type: 'x'.repeat(101) }),
  ).rejects.toMatchObject({ status: 422 });

  expect(exchanges.length).toBeGreaterThanOrEqual(10);
  // The description wants an account to be a user and an enterprise at once in this list, and only there.
  const problems = exchanges
    .flatMap(problemsOf)
    .filter((problem) => !problem.startsWith('/app/installations/0/account'));
  expect(problems).toEqual([]);
});
