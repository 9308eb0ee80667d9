export interface IndexingPolicy {
  readonly includedPaths?: readonly { readonly path: string }[];
  readonly excludedPaths?: readonly { readonly path: string }[];
}

/** Whether a path like `/a/b` can be sorted by. */
export function isIndexed(policy: IndexingPolicy | undefined, path: string): boolean {
  if (!policy || path === '/_ts' || path === '/id') return true;
  const matches = (pattern: string): boolean => {
    const base = pattern.replace(/\/(\?|\*)$/, '');
    return pattern.endsWith('/*') ? path === base || path.startsWith(`${base}/`) : path === base;
  };
  const longest = (paths: readonly { path: string }[] = []): number =>
    Math.max(-1, ...paths.filter(({ path: pattern }) => matches(pattern)).map(({ path: pattern }) => pattern.length));
  // The more precise path wins.
  return longest(policy.includedPaths) > longest(policy.excludedPaths);
}
