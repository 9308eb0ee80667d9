// What the alerts and the workbook ask of the logs: that it is right Kusto, and that the app tells what is asked for.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { cannotStart } from '../../functions/src/cannot-start.ts';
import { timers } from '../../functions/src/timers.ts';
import { analyseKusto } from './analyse-kusto.ts';
import { metricsInCode, metricsInDocs } from './metrics.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
const names = readdirSync(join(root, 'infra', 'queries')).map((name) => name.replace(/\.kql$/, ''));
const queries = new Map(names.map((name) => [name, read('infra', 'queries', `${name}.kql`)]));

interface Predicted {
  readonly name: string;
  readonly type: string;
  readonly properties: Record<string, unknown>;
}
interface LogAlert {
  readonly criteria: { readonly allOf: readonly { readonly query: string; readonly dimensions: { name: string }[] }[] };
}
const predicted = (
  JSON.parse(read('bicep', 'parameters', 'prod.snapshot.json')) as { readonly predictedResources: Predicted[] }
).predictedResources;
const alerts = predicted
  .filter(({ type }) => type === 'Microsoft.Insights/scheduledQueryRules')
  .map(({ name, properties }) => ({ name, ...(properties as unknown as LogAlert).criteria.allOf[0] }));

test.each(names)('%s is right Kusto', (name) => {
  expect(analyseKusto(queries.get(name) ?? '').problems).toEqual([]);
});

test('the analysis finds a name that is none', () => {
  expect(analyseKusto("AppMetrics\n| where Name == 'x'\n| summarize sum(Summ)").problems).toEqual([
    "3: The name 'Summ' does not refer to any known column, table, variable or function.",
  ]);
});

test('every alert is deployed with right Kusto, and splits by a column that comes of it', () => {
  expect(alerts.length).toBeGreaterThan(5);
  for (const { name, query = '', dimensions = [] } of alerts) {
    const { problems, columns } = analyseKusto(query);
    expect([name, problems]).toEqual([name, []]);
    for (const dimension of dimensions)
      expect([name, columns]).toEqual([name, expect.arrayContaining([dimension.name])]);
  }
});

test('every query is used by an alert or the workbook, and the workbook opens with the objectives', () => {
  const workbook = JSON.parse(read('infra', 'workbook.json')) as { panels: { query: string }[] };
  const shown = workbook.panels.map(({ query }) => query);
  for (const name of shown) expect(names).toContain(name);
  const asked = names.filter((name) => alerts.some(({ query = '' }) => query.startsWith(queries.get(name) ?? ' ')));
  expect([...new Set([...shown, ...asked])].sort()).toEqual([...names].sort());
  expect(shown.slice(0, 2)).toEqual(['slo-success', 'slo-latency']);
});

test('heartbeats are asked for of every timer that there is', () => {
  const asked = [...(queries.get('heartbeats') ?? '').matchAll(/^ {2}'(\w+)', \d+/gm)].map(([, timer]) => timer);
  expect(asked.sort()).toEqual(Object.keys(timers).sort());
});

test('the sentence of an app that can not start is the one that is looked for', () => {
  expect(queries.get('cannot-start')).toContain(`startswith "${cannotStart}"`);
});

test('the host logs how many functions it has loaded, and what the app writes to its streams', () => {
  const { logging, telemetryMode } = JSON.parse(read('functions', 'host.json')) as {
    logging: { logLevel: Record<string, string>; applicationInsights?: object };
    telemetryMode: string;
  };
  expect(logging.logLevel).toMatchObject({ 'Host.Startup': 'Information', 'Host.Function.Console': 'Information' });
  // Sampling by Application Insights' own settings is not for this mode; the variables of OpenTelemetry are.
  expect([telemetryMode, logging.applicationInsights]).toEqual(['OpenTelemetry', undefined]);
  const settings = predicted.find(({ type }) => type === 'Microsoft.Web/sites/config')?.properties;
  expect(settings).toMatchObject({ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '1' });
});

describe('the app tells what is asked for', () => {
  const documented = metricsInDocs(read('docs', 'reference', 'telemetry.md'));

  test('the page of metrics names those that the code tells, and no others', () => {
    expect([...documented.keys()].sort()).toEqual(metricsInCode(root));
  });

  test.each(names)('%s asks for metrics, attributes and values that there are', (name) => {
    const text = queries.get(name) ?? '';
    const metrics = [...text.matchAll(/'(zekt\.[\w.]+)'/g)].map(([, metric = '']) => metric);
    if (text.includes('AppMetrics')) expect(metrics.length).toBeGreaterThan(0);
    const words = metrics.map((metric) => documented.get(metric) ?? '');
    for (const [index, metric] of metrics.entries()) expect([metric, words[index]]).not.toEqual([metric, '']);
    for (const [, attribute] of text.matchAll(/Properties\.(\w+)/g))
      for (const row of words) expect(row).toContain(`\`${attribute ?? ''}\``);
    const values = [...text.matchAll(/'([a-z]\w+)'/g)].map(([, value = '']) => value);
    for (const value of values) expect(words.join('\n')).toContain(`\`${value}\``);
  });
});
