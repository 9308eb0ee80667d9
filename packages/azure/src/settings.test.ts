import { expect, test } from '@jest/globals';
import { namesAzure, readAzureSettings } from './settings.ts';

function read(env: Record<string, string>) {
  const problems: string[] = [];
  return { settings: readAzureSettings(env, problems), problems };
}

test('an identity reaches an account and a namespace by their names', () => {
  const { settings, problems } = read({
    Cosmos__accountEndpoint: 'https://zekt.documents.azure.com:443/',
    ServiceBus__fullyQualifiedNamespace: 'zekt.servicebus.windows.net',
    AZURE_CLIENT_ID: 'client',
  });
  expect(problems).toEqual([]);
  expect(settings).toEqual({
    cosmos: { endpoint: 'https://zekt.documents.azure.com:443/', key: null },
    serviceBus: { namespace: 'zekt.servicebus.windows.net' },
    vaultUrl: null,
    clientId: 'client',
  });
});

test('an emulator on loopback is reached by its connection string', () => {
  const { settings, problems } = read({
    Cosmos: 'AccountEndpoint=http://127.0.0.1:8081/;AccountKey=a2V5==;',
    ServiceBus: 'Endpoint=sb://localhost:5672;SharedAccessKeyName=n;SharedAccessKey=k=;UseDevelopmentEmulator=true;',
  });
  expect(problems).toEqual([]);
  expect(settings?.cosmos).toEqual({ endpoint: 'http://127.0.0.1:8081/', key: 'a2V5==' });
});

test.each([
  [{ Cosmos: 'AccountEndpoint=https://zekt.documents.azure.com/;AccountKey=canary;' }, 'Cosmos must be'],
  [{ ServiceBus: 'Endpoint=sb://zekt.servicebus.windows.net/;SharedAccessKey=canary' }, 'ServiceBus must be'],
  [{ ServiceBus: 'Endpoint=sb://localhost.evil.example/;SharedAccessKey=canary' }, 'ServiceBus must be'],
  [{ Cosmos__accountEndpoint: 'http://zekt.documents.azure.com/' }, 'Cosmos__accountEndpoint must be'],
  [{ ServiceBus__fullyQualifiedNamespace: 'sb://zekt' }, 'ServiceBus__fullyQualifiedNamespace must be'],
])('a key for anything but loopback, or a name that is none, is refused without showing it: %j', (env, problem) => {
  const { settings, problems } = read(env);
  expect(settings).toBeNull();
  expect(problems.join('\n')).toContain(problem);
  expect(problems.join('\n')).not.toContain('canary');
});

test('Azure is meant when any of its settings is there', () => {
  expect(namesAzure({})).toBe(false);
  expect(namesAzure({ ServiceBus__fullyQualifiedNamespace: 'x' })).toBe(true);
});
