// Writes what is generated: from packages/contracts/schemas.json the TypeScript types (the hook SDK's, too) and the OpenAPI document, from the examples of the
// providers what they send.
// `--check` writes nothing and fails when a file on disk differs.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compile } from 'json-schema-to-typescript';
import schemas from '../packages/contracts/schemas.json' with { type: 'json' };

const typesPath = 'packages/contracts/src/generated/types.ts';
const openApiPath = 'packages/contracts/openapi.json';

async function typesOf(definitions: object, source: string): Promise<string> {
  // The compiler names a type after its key only for `definitions` that the root does not inline.
  const text = JSON.stringify({ title: 'Unused', type: 'object', properties: {}, definitions });
  const root = JSON.parse(text.replaceAll('#/$defs/', '#/definitions/')) as Parameters<typeof compile>[0];
  const types = await compile(root, 'Unused', {
    additionalProperties: false,
    unreachableDefinitions: true,
    ignoreMinAndMaxItems: true,
    bannerComment: `// Generated from ${source} by \`npm run generate\`. Do not edit.`,
    style: { singleQuote: true, printWidth: 120 },
  });
  return types
    .replace(/export interface Unused \{\}\n/, '')
    .replace(
      /\n \* This interface was referenced by `Unused`'s JSON-Schema\n \* via the `definition` "\w+"\.(?=\n)/g,
      '',
    )
    .replace(/(?<=\n) \*\n(?= \*\/)/g, '')
    .replace(/\/\*\*\n \*\/\n/g, '');
}

/** What the definitions of these names refer to, and they themselves. */
function reachable(definitions: Readonly<Record<string, unknown>>, names: readonly string[]): object {
  const found = new Set(names);
  for (const name of found)
    for (const [, next] of JSON.stringify(definitions[name]).matchAll(/"#\/\$defs\/(\w+)"/g)) if (next) found.add(next);
  return Object.fromEntries([...found].map((name) => [name, definitions[name]]));
}

/** Those of hooks' bodies, for receivers, who have nothing else of Zekt. */
async function generateHookTypes(): Promise<string> {
  const { hookSchemas } = await import('../packages/contracts/src/index.ts');
  const unions = ['HookRequest', 'HookResponse', 'HookEvent'].map((union) => {
    const names = Object.keys(hookSchemas).filter((name) => name.endsWith(union));
    return [union, { anyOf: names.map((name) => ({ $ref: `#/$defs/${name}` })) }] as const;
  });
  const all = { ...schemas.$defs, ...hookSchemas, ...Object.fromEntries(unions) };
  return typesOf(reachable(all, [...unions.map(([union]) => union), 'HookTestBody']), 'packages/contracts');
}

/** GitHub's own examples, so that what the simulator says has every field that GitHub's documents require. */
async function generateTemplates(): Promise<string> {
  const read = async (path: string): Promise<unknown> =>
    JSON.parse(await readFile(`node_modules/@octokit/${path}`, 'utf8')) as unknown;
  const api = (await read('openapi/generated/api.github.com.json')) as {
    components: { examples: Record<string, { value: unknown }> };
  };
  const webhooks = (await read('webhooks-examples/api.github.com/index.json')) as {
    name: string;
    examples: { action?: string }[];
  }[];
  const example = (name: string): unknown => api.components.examples[name]?.value;
  const webhook = (name: string, action: string): unknown =>
    webhooks.find((it) => it.name === name)?.examples.find((it) => it.action === action);
  const templates = {
    app: example('integration'),
    repository: example('full-repository'),
    installation: example('installation'),
    run: example('workflow-run'),
    user: example('public-user-default-response'),
    hookDelivery: example('hook-delivery'),
    workflowRunWebhook: webhook('workflow_run', 'completed'),
    installationWebhook: webhook('installation', 'created'),
    repositoryWebhook: webhook('repository', 'renamed'),
  };
  return `${JSON.stringify(templates, null, 1)}\n`;
}

const check = process.argv.includes('--check');
const drifted: string[] = [];

async function emit(path: string, content: string): Promise<void> {
  const current = await readFile(path, 'utf8').catch(() => '');
  if (current === content) return;
  if (check) {
    console.error(`${path} is not what is generated. Run: npm run generate`);
    drifted.push(path);
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  console.log(`wrote ${path}`);
}

const pages = 'docs/reference/providers';

/** What a provider's page says is sent, is what its example sends. */
async function emitProviderPages(): Promise<void> {
  const { tryExample, wireText } = await import('../packages/notifications/src/testing.ts');
  for (const name of await readdir(pages)) {
    const path = join(pages, name);
    const text = await readFile(path, 'utf8');
    const example = /^```yaml\n([^]*?)^```/m.exec(text)?.[1];
    if (example === undefined) continue;
    const answer = await tryExample(example);
    if (answer.outcome !== 'dryRun') throw new Error(`the example of ${path} does not work: ${answer.reason ?? ''}`);
    await emit(
      path,
      text.replace(/^```http\n[^]*?^```/m, () => `\`\`\`http\n${wireText(answer)}\n\`\`\``),
    );
  }
}

await emit(typesPath, await typesOf(schemas.$defs, 'packages/contracts/schemas.json'));
await emit('packages/hook-sdk/src/generated/bodies.ts', await generateHookTypes());
const { openApiDocument, version } = await import('../packages/contracts/src/index.ts');
await emit(openApiPath, `${JSON.stringify(openApiDocument(version), null, 2)}\n`);
await emit('packages/simulator/src/generated/templates.json', await generateTemplates());
await emitProviderPages();
if (drifted.length > 0) process.exit(1);
