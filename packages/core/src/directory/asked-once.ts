import type { GitHubGateway, KnownRepository } from '../ports/github.ts';

type FindRepository = (fullName: string) => Promise<KnownRepository | null>;

export interface AskedOnce {
  readonly findRepository: FindRepository;
  /** Asks for all of these, some at once. A failure is for whoever needs the answer. */
  readonly ahead: (names: readonly string[]) => Promise<void>;
}

/** Requests under way at once. */
const atOnce = 10;

/** GitHub, asked for each repository once, however often it is named; for the work of one request. */
export function askedOnce(github: Pick<GitHubGateway, 'findRepository'>): AskedOnce {
  const answers = new Map<string, Promise<KnownRepository | null>>();
  const findRepository: FindRepository = (fullName) => {
    const key = fullName.toLowerCase();
    const answer = answers.get(key) ?? github.findRepository(fullName);
    answers.set(key, answer);
    return answer;
  };
  return {
    findRepository,
    async ahead(names) {
      const waiting = [...names];
      const askNext = async (): Promise<void> => {
        for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
          await findRepository(name).catch(() => undefined);
      };
      await Promise.all(Array.from({ length: atOnce }, askNext));
    },
  };
}
