/** Settings that are missing or malformed: all of them, one a line. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(problems: readonly string[]) {
    super(
      `Settings are missing or invalid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\nSee docs/reference/settings.md.`,
    );
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;
