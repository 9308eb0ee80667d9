/** Types whose address names a place that anyone may know: a repository, a server. That of any other is a credential. */
export const openAddresses: ReadonlySet<string> = new Set([
  'azuredevops',
  'bitbucket',
  'bitbucketserver',
  'datadog',
  'gitea',
  'giteapullrequestcomment',
  'github',
  'githubdispatch',
  'githubpullrequestcomment',
  'gitlab',
  'gitlabmergerequestcomment',
  'googlepubsub',
  'matrix',
  'nats',
  'opsgenie',
  'pagerduty',
  'telegram',
  'webex',
  'zulip',
]);

/** Headers that say nothing secret, whatever they hold. */
export const openHeaders: ReadonlySet<string> = new Set([
  'accept',
  'content-type',
  'user-agent',
  'gotk-component',
  'x-event-component',
  'x-github-api-version',
  'x-tfs-fedauthredirect',
  'x-tfs-session',
  'x-atlassian-token',
  'x-requested-with',
  'x-signature',
]);

/** Other keys of a secret that say nothing secret. */
export const openKeys: ReadonlySet<string> = new Set([
  'ca.crt',
  'caFile',
  'certFile',
  'githubAppBaseURL',
  'githubAppID',
  'githubAppInstallationID',
  'githubAppInstallationOwner',
  'tls.crt',
]);

/** Parts of the paths of webhooks that are the same for everybody. */
export const openSegments: ReadonlySet<string> = new Set([
  'alertmanager',
  'annotations',
  'incoming',
  'incomingwebhook',
  'integrations',
  'messages',
  'services',
  'triggers',
  'webhooks',
  'workflows',
]);
