/** Settings that are missing or malformed: all of them, one a line. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  /** Names of the settings, without their values. */
  readonly settings: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `Settings are missing or invalid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\nSee docs/reference/settings.md.`,
    );
    this.settings = [...new Set(problems.flatMap((problem) => /^[A-Za-z]\w*/.exec(problem)?.[0] ?? []))];
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;
