import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The compiler, or why there is none. */
export type FoundBicep = { readonly path: string } | { readonly path: null; readonly reason: string };

const project = join('bicep', 'check', 'bicep-cli.csproj');
const cache = join('node_modules', '.cache', 'zekt', 'bicep');
/** By `process.platform` and `process.arch`: the packages that NuGet has. */
const platforms: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'osx-x64',
  'darwin-arm64': 'osx-arm64',
  'win32-x64': 'win-x64',
};
/** The compiler is a .NET program; a machine without ICU can run it all the same. */
export const bicepEnvironment: NodeJS.ProcessEnv = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' };

const runs = (command: string): boolean =>
  spawnSync(command, ['--version'], { stdio: 'ignore', env: bicepEnvironment }).status === 0;

/**
 * The Bicep compiler: what the last run brought, or brought now from NuGet where .NET is; else the `bicep` of the PATH, whose version is
 * whatever it is.
 */
export function findBicep(): FoundBicep {
  const platform = platforms[`${process.platform}-${process.arch}`];
  if (platform !== undefined && runs('dotnet')) {
    const restored = inCache(platform) ?? restore(platform);
    if (restored !== null) return { path: restored };
  }
  if (runs('bicep')) return { path: 'bicep' };
  return { path: null, reason: 'there is no bicep on the PATH, and no .NET SDK that could bring it from NuGet' };
}

function restore(platform: string): string | null {
  const args = ['restore', project, '--packages', cache, `-p:BicepPlatform=${platform}`];
  const { status, stdout } = spawnSync(
    'dotnet',
    [...args, `-p:BaseIntermediateOutputPath=${join(process.cwd(), cache, 'obj')}/`],
    {
      encoding: 'utf8',
      timeout: 120_000,
    },
  );
  if (status !== 0) console.error(stdout);
  return inCache(platform);
}

function inCache(platform: string): string | null {
  const [, version = ''] = /Version="\[(.*)\]"/.exec(readFileSync(project, 'utf8')) ?? [];
  const tools = join(cache, `azure.bicep.commandline.${platform}`, version, 'tools');
  const path = join(tools, platform === 'win-x64' ? 'bicep.exe' : 'bicep');
  if (!existsSync(path)) return null;
  chmodSync(path, 0o755);
  return path;
}
