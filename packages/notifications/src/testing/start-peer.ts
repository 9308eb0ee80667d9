import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peerPath } from './peer-path.ts';

/** A server of somebody else's, on loopback, for as long as a test runs. */
export interface Peer {
  readonly port: number;
  stop(): Promise<void>;
}

const startLimitMs = 20_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

/** @param argsFor gets a free port and a directory of its own */
export async function startPeer(
  name: string,
  argsFor: (port: number, directory: string) => readonly string[] | Promise<readonly string[]>,
): Promise<Peer> {
  const path = peerPath(name);
  if (path === null) throw new Error(`there is no ${name}; npm test installs it`);
  const directory = await mkdtemp(join(tmpdir(), `zekt-${name}-`));
  const port = await freePort();
  const child: ChildProcess = spawn(path, await argsFor(port, directory), { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const deadline = Date.now() + startLimitMs;
  while (!(await isListening(port))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${name} did not start: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    port,
    async stop() {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
