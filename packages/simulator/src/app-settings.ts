/** Of an App: what its settings page says, and how far its clock is from ours. */
export interface AppSettings {
  /** What it asks for; an installation has what its owner accepted. */
  permissions: Readonly<Record<string, string>>;
  /** What it subscribes to. Those of its installations come without that. */
  events: readonly string[];
  hook: {
    isActive: boolean;
    contentType: 'json' | 'form';
    /** Null: where the webhooks are in fact sent. */
    url: string | null;
  };
  /** The simulated GitHub's clock minus ours (ms). */
  clockOffsetMs: number;
}

/** An App that is set up as it should be. */
export const goodSettings = (): AppSettings => ({
  permissions: { metadata: 'read', actions: 'read', contents: 'write', members: 'read' },
  events: ['workflow_run', 'repository', 'installation_target'],
  hook: { isActive: true, contentType: 'json', url: null },
  clockOffsetMs: 0,
});

/** GitHub sends these to every App. */
const unasked = ['ping', 'installation', 'installation_repositories', 'github_app_authorization'];

export const isSent = ({ events, hook }: AppSettings, event: string): boolean =>
  hook.isActive && (events.includes(event) || unasked.includes(event));
