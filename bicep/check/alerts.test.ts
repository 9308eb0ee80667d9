// What an operator is told of, by what the compiler says that prod and dev deploy.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { queueNames } from '@zekt/azure';

interface Criterion {
  readonly metricName: string;
  readonly operator: string;
  readonly threshold: number;
  readonly timeAggregation: string;
  readonly dimensions: readonly { readonly name: string; readonly values: readonly string[] }[];
}
interface Resource {
  readonly type: string;
  readonly name: string;
  readonly properties: {
    readonly description: string;
    readonly criteria: { readonly allOf?: readonly Criterion[]; readonly failedLocationCount?: number };
    readonly Kind?: string;
    readonly Locations?: readonly { readonly Id: string }[];
  };
}

const deployed = (environment: string): readonly Resource[] => {
  const snapshot = new URL(`../parameters/${environment}.snapshot.json`, import.meta.url);
  return (JSON.parse(readFileSync(snapshot, 'utf8')) as { readonly predictedResources: Resource[] }).predictedResources;
};
const named = (name: string, environment = 'prod'): Resource | undefined =>
  deployed(environment).find((it) => it.name === `zekt-${environment}-${name}`);

test.each(queueNames)('an alert tells that %s stands still: messages wait, and none is worked on', (queue) => {
  const dimensions = [{ name: 'EntityName', operator: 'Include', values: [queue] }];
  expect(named(`${queue}-stands-still`)?.properties.criteria.allOf).toMatchObject([
    { metricName: 'ActiveMessages', operator: 'GreaterThan', threshold: 0, timeAggregation: 'Minimum', dimensions },
    { metricName: 'CompleteMessage', operator: 'LessThan', threshold: 1, timeAggregation: 'Total', dimensions },
  ]);
});

test('no alert with more than one criterion looks at more than one value of a dimension', () => {
  const alerts = deployed('prod').filter(({ type }) => type === 'Microsoft.Insights/metricAlerts');
  for (const { name, properties } of alerts) {
    const criteria = properties.criteria.allOf ?? [];
    const wide = criteria.filter(({ dimensions }) => dimensions.some(({ values }) => values[0] === '*'));
    expect([name, criteria.length > 1 && wide.length > 0]).toEqual([name, false]);
  }
});

test.each([
  ['dead-letters', 'DeadletteredMessages'],
  ['queue-nearly-full', 'Size'],
  ['bus-throttled', 'ThrottledRequests'],
  ['backlog', 'ActiveMessages'],
  ['server-errors', 'Http5xx'],
  ['store-throttled', 'TotalRequests'],
  ['request-units', 'TotalRequestUnits'],
])('an alert tells of %s, by the platform, in every deployment', (name, metricName) => {
  for (const environment of ['dev', 'prod'])
    expect(named(name, environment)?.properties.criteria.allOf).toMatchObject([{ metricName }]);
});

test('with autoscale an alert tells that throughput is nearly used up; serverless has no such measure', () => {
  expect(named('store-nearly-full')?.properties.criteria.allOf).toMatchObject([
    { metricName: 'NormalizedRUConsumption', threshold: 90 },
  ]);
  expect(named('store-nearly-full', 'dev')).toBeUndefined();
});

test.each([
  'no-heartbeat',
  'functions-missing',
  'cannot-start',
  'answers-fail',
  'too-slow',
  'queue-age',
  'sweeps-find',
  'webhooks-missed',
  'outbox-quarantine',
  'github-quota',
])('an alert tells of %s, by what the app tells of itself', (name) => {
  for (const environment of ['dev', 'prod'])
    expect(named(name, environment)?.type).toBe('Microsoft.Insights/scheduledQueryRules');
});

test('prod is asked from at least three places whether it is ready, and two that find it away are an alert', () => {
  const { Kind, Locations = [] } = named('ready')?.properties ?? {};
  expect([Kind, new Set(Locations.map(({ Id }) => Id)).size >= 3]).toEqual(['standard', true]);
  expect(named('unavailable')?.properties.criteria.failedLocationCount).toBe(2);
  expect(named('ready', 'dev')).toBeUndefined();
});

test('every alert says what to do', () => {
  for (const { type, name, properties } of deployed('prod'))
    if (/metricAlerts|scheduledQueryRules/.test(type))
      expect([name, properties.description.split(/[.;:] /).length > 1]).toEqual([name, true]);
});
