import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { tryExample, wireText } from './testing/doc-example.ts';

// Each page about a provider has an example that works as it is; what it says is sent, is sent.

const pages = new URL('../../../docs/reference/providers/', import.meta.url);
const names = (await readdir(pages)).filter((name) => name !== 'README.md');

test.each(names)('%s', async (name) => {
  const text = await readFile(new URL(name, pages), 'utf8');
  const example = /^```yaml\n([^]*?)^```/m.exec(text)?.[1] ?? '';
  const answer = await tryExample(example);
  expect(answer).toMatchObject({ outcome: 'dryRun', reason: null });
  expect(text).toContain(`\`\`\`http\n${wireText(answer)}\n\`\`\``);
  // What stands in the Secret of the example is shown nowhere.
  const secret = parseAllDocuments(example)
    .map((it) => it.toJS() as { kind: string; stringData?: Record<string, string> })
    .find(({ kind }) => kind === 'Secret');
  for (const [field, value] of Object.entries(secret?.stringData ?? {}))
    if (field !== 'username') expect(JSON.stringify(answer)).not.toContain(value);
});
