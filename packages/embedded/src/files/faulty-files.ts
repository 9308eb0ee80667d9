import { systemFiles, type FileSystem } from './file-system.ts';

/** Those that a disk can refuse. */
const steps = [
  'chmodSync',
  'fdatasyncSync',
  'fsyncSync',
  'lstatSync',
  'mkdirSync',
  'openSync',
  'readFileSync',
  'readSync',
  'renameSync',
  'writeFileSync',
] as const satisfies readonly (keyof FileSystem)[];

export interface FaultyFiles {
  readonly files: FileSystem;
  /** The steps so far, in order. */
  readonly taken: readonly string[];
  /** What the next syncs of the log fail with; null: nothing. */
  failSyncs(code: string | null): void;
}

/** The file system, whose step number `failing` (from 0) is refused with an error of this code, and nothing done. */
export function faultyFiles(failing: number | null = null, code = 'EIO'): FaultyFiles {
  const taken: string[] = [];
  let syncFault: string | null = null;
  const files: Record<string, unknown> = { ...systemFiles };
  for (const name of steps) {
    const real = systemFiles[name] as (...values: unknown[]) => unknown;
    files[name] = (...values: unknown[]): unknown => {
      taken.push(name);
      if (taken.length - 1 === failing) throw refusal(code, name);
      return real(...values);
    };
  }
  files.fdatasync = (descriptor: number, done: (error: Error | null) => void): void => {
    if (syncFault === null) systemFiles.fdatasync(descriptor, done);
    else setImmediate(done, refusal(syncFault, 'fdatasync'));
  };
  return { files: files as FileSystem, taken, failSyncs: (fault) => (syncFault = fault) };
}

const refusal = (code: string, name: string): Error =>
  Object.assign(new Error(`${code}: refused by the test, ${name}`), { code });
