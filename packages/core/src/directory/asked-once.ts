import type { GitHubGateway } from '../ports/github.ts';

type Asked = Pick<GitHubGateway, 'findRepository' | 'findUser'>;

export interface AskedOnce extends Asked {
  /** Asks for all of these repositories, some at once. A failure is for whoever needs the answer. */
  readonly ahead: (names: readonly string[]) => Promise<void>;
}

/** Requests under way at once. */
const atOnce = 10;

/** GitHub, asked for each repository and person once, however often they are named; for the work of one request. */
export function askedOnce(github: Asked): AskedOnce {
  const findRepository = once((fullName: string) => github.findRepository(fullName));
  return {
    findRepository,
    findUser: once((login: string, installationId: string) => github.findUser(login, installationId)),
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

/** Names on GitHub ignore case. */
function once<A extends readonly string[], T>(ask: (...question: A) => Promise<T>): (...question: A) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (...question) => {
    const key = question.join(' ').toLowerCase();
    const answer = answers.get(key) ?? ask(...question);
    answers.set(key, answer);
    return answer;
  };
}
