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
 * Embedded; the same server with store and bus on Azure doubles; or the built function app on them.
 *
 * @param note gets what a process of its own logs
 */
export async function openTestBackend(note: (line: string) => void): Promise<TestBackend> {
  if (zektBackend === 'embedded') return { settings: {}, hasten: () => undefined, stop: async () => undefined };
  const doubles = await startDoubles();
  const backend = {
    settings: { ...doubles.environment, ZEKT_ADMIN_TOKEN: randomUUID() },
    hasten: () => doubles.serviceBus.hasten(),
    stop: () => doubles.stop(),
  };
  return zektBackend === 'azure' ? backend : { ...backend, start: (settings) => startFunctions(settings, note) };
}
