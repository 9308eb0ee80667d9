import { DataDirectoryError } from '../data-directory-error.ts';
import { systemFiles, type FileSystem } from './file-system.ts';

/** The user this process runs as; undefined where there are no owners and modes (Windows): then nothing is checked. */
export type Identity = () => number | undefined;

export const processIdentity: Identity = () => process.geteuid?.();

/** What others must not be able to do, and what the message proposes. */
export interface Privacy {
  /** Permission bits that are refused. */
  readonly forbidden: number;
  readonly proposed: string;
  /** Outside the data directory an administrator may provide a file: links are followed, and root may own it. */
  readonly isProvided?: boolean;
}

/** Others may list a directory of ours: Zekt takes that right away at each start. */
export const privateDirectory: Privacy = { forbidden: 0o022, proposed: '700', isProvided: true };
/** In the directory, which nobody else can enter. */
export const ownData: Privacy = { forbidden: 0o022, proposed: '600' };
export const ownSecret: Privacy = { forbidden: 0o077, proposed: '600' };
export const providedSecret: Privacy = { forbidden: 0o077, proposed: '600', isProvided: true };

/** Root's files reach a service by its group. */
const groupMayRead = 0o040;

/**
 * What somebody else may change is not trusted, and a secret that somebody else may read is none.
 *
 * @param path of a file or directory that exists
 * @param what it is, as the message begins
 * @throws DataDirectoryError naming owner and mode, and the command that puts it right
 */
export function assertPrivate(
  path: string,
  what: string,
  { forbidden, proposed, isProvided = false }: Privacy,
  files: FileSystem = systemFiles,
  identity: Identity = processIdentity,
): void {
  const status = isProvided ? files.statSync(path) : files.lstatSync(path);
  if (status.isSymbolicLink())
    throw new DataDirectoryError(
      `${what} '${path}' is a symbolic link. Zekt follows no links inside its data directory: move the file itself there.`,
    );
  if (forbidden === ownSecret.forbidden && !status.isFile())
    throw new DataDirectoryError(`${what} '${path}' is no file: move it away.`);
  const self = identity();
  if (self === undefined) return;
  const mode = status.mode & 0o7777;
  const found = `${what} '${path}' is owned by user ${status.uid} and has mode ${mode.toString(8).padStart(4, '0')}`;
  const isRoots = isProvided && proposed === '600' && status.uid === 0;
  if (status.uid !== self && !isRoots)
    throw new DataDirectoryError(
      `${found}, but Zekt runs as user ${self}: its owner can change it. If you trust what it holds, run: chown ${self} '${path}'`,
    );
  if ((mode & (isRoots && self !== 0 ? forbidden & ~groupMayRead : forbidden)) === 0) return;
  throw new DataDirectoryError(
    `${found}: other users can ${(mode & 0o022) === 0 ? 'read' : 'change'} it. If you trust what it holds, run: chmod ${proposed} '${path}'`,
  );
}
