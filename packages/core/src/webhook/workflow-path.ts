/**
 * Reads `owner/name/.github/workflows/file.yml@refs/…` ("OpenID Connect reference" of GitHub, claim `workflow_ref`). A file's name may
 * hold `@`, and a branch may, too; but workflows lie directly in their folder, so a file's name holds no `/`, and where the full ref
 * begins is never in doubt.
 *
 * @returns null when it is not a workflow file at a full ref
 */
export function readWorkflowRef(workflowRef: string): { readonly repository: string; readonly path: string } | null {
  const [, repository, path] = /^([^/]+\/[^/]+)\/(\.github\/workflows\/[^/]+)@refs\/./.exec(workflowRef) ?? [];
  return repository === undefined || path === undefined ? null : { repository, path };
}

/**
 * The path of a workflow file without the ref that may follow it. A webhook gives none, a full one, or a short one (`build.yml@main` in
 * "REST API endpoints for workflow runs"); a workflow file ends in `.yml` or `.yaml`, so what ends there is a path as a whole.
 */
export function withoutRef(path: string): string {
  const full = /^([^@]*\/[^/]+)@refs\/./.exec(path)?.[1];
  if (full !== undefined) return full;
  return /\.ya?ml$/.test(path) ? path : (/^(.+\.ya?ml)@./.exec(path)?.[1] ?? path);
}
