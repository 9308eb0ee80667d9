/** Permissions that the App asks for: read runs and repositories, dispatch, and look up members of teams that approve. */
export const neededPermissions = { actions: 'read', contents: 'write', members: 'read', metadata: 'read' } as const;

/** Without these nothing is delivered; without `members`, approvers by team can't decide. */
export const permissionsOfLoop = { metadata: 'read', actions: 'read', contents: 'write' } as const;

/** Events that the App subscribes to. Those of its own installations come without that ("Webhook events and payloads", installation). */
export const neededEvents = ['workflow_run', 'repository', 'installation_target'] as const;

export const satisfies = (granted: string | undefined, needed: 'read' | 'write'): boolean =>
  granted === 'write' || granted === 'admin' || granted === needed;
