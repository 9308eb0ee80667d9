/**
 * Events whose runs others than those with write access may bring about, or that may work on their code, by what their names begin with: a
 * pull request may be of a fork, anybody may open an issue or a discussion, comment, fork or star a public repository, and edit its wiki
 * where that is allowed, and a `workflow_run` does not tell what the run before it was for ("Events that trigger workflows" and "Secure
 * use reference" of GitHub).
 */
const byStrangers: readonly string[] = [
  'pull_request',
  'issue',
  'discussion',
  'fork',
  'watch',
  'gollum',
  'workflow_run',
];

/** Whether runs of an event count only for a service that has `allowPullRequests`. */
export const isStrangersEvent = (event: string): boolean => byStrangers.some((start) => event.startsWith(start));

/** Whether a run's code may come from a fork: pull_request, pull_request_target, pull_request_review… */
export const isPullRequestEvent = (event: string): boolean => event.startsWith('pull_request');
