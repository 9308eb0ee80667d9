/** By the code of the system's error. */
const reasons: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `there is no file '${path}'`,
  ENOTDIR: (path) => `there is no file '${path}'`,
  EISDIR: (path) => `'${path}' is a directory; name the file in it`,
  EACCES: (path) => `this user may not read '${path}'; give it the right`,
  EPERM: (path) => `this user may not read '${path}'; give it the right`,
};

/** Why a file that a setting names can't be used, as the rest of a sentence. */
export function fileReason(error: unknown, path: string): string {
  if (!Error.isError(error)) return '';
  return ('code' in error ? reasons[String(error.code)]?.(path) : undefined) ?? error.message;
}
