import { ZektError, type Clock, type GitHubGateway } from '@zekt/core';
import { asGitHubError } from './as-github-error.ts';

/** Told of each time when GitHub could not be asked, or refused. Sentence and what to do, in one text. */
export type OnTrouble = (trouble: ZektError) => void;

/**
 * Asks, and throws what went wrong as ZektError `github_unreachable` or `github_refused`: the one place where errors of octokit and of the
 * network become ours.
 */
export async function explain<T>(clock: Pick<Clock, 'now'>, onTrouble: OnTrouble, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const explained = asGitHubError(error, clock.now());
    if (explained instanceof ZektError) onTrouble(explained);
    throw explained;
  }
}

/** A gateway whose errors say what to do. A dispatch never throws: its answer says what went wrong. */
export function explainingGateway(
  inner: GitHubGateway,
  clock: Pick<Clock, 'now'>,
  onTrouble: OnTrouble,
): GitHubGateway {
  const asking =
    <A extends readonly unknown[], T>(ask: (...args: A) => Promise<T>) =>
    (...args: A): Promise<T> =>
      explain(clock, onTrouble, () => ask(...args));
  return {
    async dispatch(request) {
      const answer = await inner.dispatch(request);
      if (answer.kind === 'retry')
        onTrouble(
          new ZektError('github_unreachable', `A dispatch to ${request.repository} is tried again: ${answer.reason}`),
        );
      if (answer.kind === 'refused')
        onTrouble(new ZektError('github_refused', `A dispatch to ${request.repository} was refused: ${answer.reason}`));
      return answer;
    },
    findRun: asking((...args) => inner.findRun(...args)),
    findRepository: asking((name) => inner.findRepository(name)),
    findUser: asking((...args) => inner.findUser(...args)),
    isTeamMember: asking((...args) => inner.isTeamMember(...args)),
    teamMembers: asking((...args) => inner.teamMembers(...args)),
    findInstallation: asking((name) => inner.findInstallation(name)),
  };
}
