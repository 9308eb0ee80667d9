import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Metrics of docs/reference/telemetry.md, each with its row. */
export const metricsInDocs = (page: string): ReadonlyMap<string, string> =>
  new Map([...page.matchAll(/^\| `(zekt\.[\w.-]+)` \|.*$/gm)].map(([row, name = '']) => [name, row]));

/** Metrics that the code tells: by name, or by the name of a count, of which the first part is the metric's and the rest its outcome. */
export function metricsInCode(root: string): string[] {
  const found = new Set<string>();
  for (const folder of ['packages', 'functions']) {
    for (const path of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!path.endsWith('.ts') || path.endsWith('.test.ts') || /node_modules|dist|\b(cli|simulator)\b/.test(path))
        continue;
      for (const name of metricsOf(readFileSync(join(root, folder, path), 'utf8'))) found.add(name);
    }
  }
  return [...found].sort();
}

function metricsOf(source: string): string[] {
  const calls = source.match(/\b(?:count|record)\(\s*[^;]*?\);|\bcount: \([^)]*\) =>[^;,]*/gi) ?? [];
  return calls.flatMap((call) => [
    ...[...call.matchAll(/['`](zekt\.[\w.-]+)['`]/g)].map(([, name = '']) => name),
    ...[...call.matchAll(/['`](?!zekt\.)([a-z][a-z_-]*)\./g)].map(([, name = '']) => `zekt.${name}`),
  ]);
}
