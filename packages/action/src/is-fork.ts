/** Whether the event is of a pull request from a fork: those jobs get no OIDC token. */
export function isForkPullRequest(event: Readonly<Record<string, unknown>>, repository: string): boolean {
  const { pull_request: pull } = event as { pull_request?: { head?: { repo?: { full_name?: unknown } | null } } };
  return pull !== undefined && pull.head?.repo?.full_name !== repository;
}
