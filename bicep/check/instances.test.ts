import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';
import { queueNames } from '@zekt/azure';
import { limits } from '@zekt/contracts';
import { parseBicep, type BicepFile } from './parse-bicep.ts';

// What Bicep says of instances, and what host.json says of each, fit together.

const root = fileURLToPath(new URL('../', import.meta.url));
let main: BicepFile;
let functions: BicepFile;

beforeAll(async () => {
  main = await parseBicep(join(root, 'main.bicep'));
  functions = await parseBicep(join(root, 'modules', 'functions.bicep'));
});

/** The keys of an object whose values are simple. */
const keysIn = (text: string, start: string): string[] => {
  const [, body = ''] = new RegExp(`${start}\\{([^}]*)\\}`).exec(text) ?? [];
  return [...body.matchAll(/^\s*'?([\w:]+?)'?: /gm)].map(([, key = '']) => key);
};

const host = JSON.parse(readFileSync(join(root, '../functions/host.json'), 'utf8')) as {
  readonly extensions: {
    readonly http: { readonly maxConcurrentRequests: number };
    readonly serviceBus: { readonly maxConcurrentSessions: number; readonly maxAutoLockRenewalDuration: string };
  };
};
const { http, serviceBus } = host.extensions;
const decorator = (name: string, which: string): number => {
  const { decorators = [] } = main.parameters.find((parameter) => parameter.name === name) ?? {};
  return Number(new RegExp(`@${which}\\((\\d+)\\)`).exec(decorators.join('\n'))?.[1]);
};

test('as many instances as there may be ask a queue for no more sessions than it has receivers', () => {
  // "Service Bus quotas": concurrent receive requests on a queue.
  const receiversOfQueue = 5000;
  expect(decorator('maximumInstanceCount', 'maxValue')).toBe(
    Math.floor(receiversOfQueue / serviceBus.maxConcurrentSessions),
  );
  for (const name of ['dev', 'prod']) {
    const [, count] =
      /^param maximumInstanceCount = (\d+)$/m.exec(readFileSync(join(root, `parameters/${name}.bicepparam`), 'utf8')) ??
      [];
    if (count !== undefined)
      expect(Number(count) * serviceBus.maxConcurrentSessions).toBeLessThanOrEqual(receiversOfQueue);
  }
});

test('a lock of a session is renewed for longer than a busy session lives in a day', () => {
  expect(serviceBus.maxAutoLockRenewalDuration).toBe('1.00:00:00');
});

test('an instance is never asked for more requests at once than host.json lets in', () => {
  expect(decorator('httpConcurrency', 'maxValue')).toBe(http.maxConcurrentRequests);
  expect(functions.text).toContain('triggers: { http: { perInstanceConcurrency: httpConcurrency } }');
});

test('instances that are always ready are for HTTP, and for functions that there are', () => {
  const given = main.modules.find(({ symbol }) => symbol === 'functions')?.text ?? '';
  const names = keysIn(given, 'alwaysReady: ');
  expect(names).toEqual(['http', 'function:correlate', 'function:dispatch']);
  for (const name of names.slice(1)) expect(queueNames).toContain(name.replace('function:', ''));
});

test('instances have no less memory than the largest webhook needs', () => {
  expect(decorator('instanceMemoryMB', 'minValue')).toBe(2048);
});

test('instances take no larger body than GitHub sends', () => {
  expect(functions.text).toContain(`FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '${limits.bodyOfWebhook.value}'`);
});
