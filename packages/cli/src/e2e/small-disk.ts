import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { bin, waitForServer, type Server } from './run-zekt.ts';

/** In a mount namespace of its own (unshare(1), mount(8)): a file system of so many bytes at a path, which goes with the process. */
const onSmallDisk = 'mount -t tmpfs -o "size=$1" none "$2" && shift 2 && exec "$@"';
const unshare = ['--map-root-user', '--mount', 'sh', '-c', onSmallDisk, 'sh'];

/** Whether this machine lets us have file systems of our own. */
export const canMount = (at: string): boolean =>
  spawnSync('unshare', [...unshare, '65536', at, 'true'], { stdio: 'ignore' }).status === 0;

export interface SmallDisk {
  readonly server: Server;
  fill(): void;
  makeRoom(): void;
}

/** Starts `zekt serve` with a file system of its own at `at`. */
export async function startOnSmallDisk(
  at: string,
  bytes: number,
  env: Readonly<Record<string, string>>,
): Promise<SmallDisk> {
  const child = spawn('unshare', [...unshare, String(bytes), at, process.execPath, bin, 'serve'], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const server = await waitForServer(child);
  const filler = `/proc/${child.pid ?? ''}/root${at}/filler`;
  return {
    server,
    fill() {
      const descriptor = openSync(filler, 'w');
      try {
        for (;;) writeSync(descriptor, Buffer.alloc(4096));
      } catch (error) {
        if (!(Error.isError(error) && 'code' in error && error.code === 'ENOSPC')) throw error;
      } finally {
        closeSync(descriptor);
      }
    },
    makeRoom: () => rmSync(filler),
  };
}

/** What `zekt serve` says where so few bytes are left from the start. */
export function serveOnFullDisk(
  at: string,
  free: number,
  env: Readonly<Record<string, string>>,
): { code: number | null; stderr: string } {
  const size = 1_048_576;
  const script = 'head -c "$1" /dev/zero > "$2/filler" && shift 2 && exec "$@"';
  const command = ['sh', '-c', script, 'sh', String(size - free), at, process.execPath, bin, 'serve'];
  const { status, stderr } = spawnSync('unshare', [...unshare, String(size), at, ...command], {
    env: { PATH: process.env.PATH ?? '', ...env },
    encoding: 'utf8',
  });
  return { code: status, stderr };
}
