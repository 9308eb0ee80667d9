import { randomUUID } from 'node:crypto';
import { startDoubles } from '@zekt/azure/testing';
import type { Environment } from '@zekt/host';
import type { RunningZekt } from '../serve/start-zekt.ts';
import { startFunctions } from './functions-process.ts';

/** Set by the test runner: the same tests run on each. */
declare const zektBackend: 'embedded' | 'azure' | 'functions';

export interface TestBackend {
  /** What says where store and bus are. */
  readonly settings: Environment;
  readonly start?: (settings: Environment) => Promise<RunningZekt>;
  /** Whoever uses it is about to stop. */
  hasten(): void;
  stop(): Promise<void>;
}

/**
 * Embedded; the same server with store and bus on Azure doubles, by a managed identity; or the built function app on them. The doubles have
 * Azure's manners: replicas that are behind, physical partitions that split, tokens that expire.
 *
 * @param note gets what a process of its own logs
 */
export async function openTestBackend(note: (line: string) => void): Promise<TestBackend> {
  if (zektBackend === 'embedded') return { settings: {}, hasten: () => undefined, stop: async () => undefined };
  const isFunctions = zektBackend === 'functions';
  const doubles = await startDoubles({ seed: nextSeed(), ...(!isFunctions && { identity: { lifetimeMs } }) });
  if (!isFunctions) Object.assign(process.env, doubles.identity?.environment);
  const backend = {
    settings: {
      ...(isFunctions ? doubles.environment : { ...doubles.identityEnvironment, AZURE_CLIENT_ID: randomUUID() }),
      ZEKT_ADMIN_TOKEN: randomUUID(),
    },
    hasten: () => doubles.serviceBus.hasten(),
    stop: () => doubles.stop(),
  };
  return isFunctions ? { ...backend, start: (settings) => startFunctions(settings, note) } : backend;
}

/** Of a token. The SDK for Service Bus puts the next one two minutes earlier, so here every three seconds. */
const lifetimeMs = 123_000;

let seed = 0;
/** Which reads are stale differs from world to world, and is the same in each run of the tests. */
const nextSeed = (): number => (seed += 1);
