import type { Clock, DispatchAnswer, DispatchRequest } from '@zekt/core';
import { answerOf, isAnswered } from './answer-of.ts';
import { classifyAnswer, type Answer } from './classify-answer.ts';
import type { InstallationTokens, MintedToken, TokenScope } from './installation-tokens.ts';
import { messageOf } from './message-of.ts';
import type { PostDispatch } from './post-dispatch.ts';
import { redact } from './redact.ts';

export interface DispatcherParts {
  readonly tokens: InstallationTokens;
  readonly post: PostDispatch;
  readonly clock: Clock;
  /** Told how many requests GitHub still takes from an installation. */
  readonly onRate: (installationId: string, remaining: number) => void;
}

const transferred: DispatchAnswer = {
  kind: 'refused',
  status: null,
  reason:
    'The repository now belongs to another account than when the right was given: its owner of today must ask for deliveries again.',
  transferred: true,
};

/**
 * Dispatches with a token that reaches the one repository, by its id: a name can't lead elsewhere. A name that is no longer right is
 * learned from a new token; a new owner is not followed.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  async dispatch(request: DispatchRequest): Promise<DispatchAnswer> {
    try {
      return await this.#deliver(request);
    } catch (error) {
      return unanswered(error, this.#parts.clock.now());
    }
  }

  async #deliver(request: DispatchRequest): Promise<DispatchAnswer> {
    let minted = await this.#parts.tokens.get(scopeOf(request));
    // It may be an hour old: only a new one says who the owner is.
    if (isOfAnother(request, minted)) minted = await this.#renew(request, minted);
    if (isOfAnother(request, minted)) return transferred;
    let answer = await this.#post(request, request.repository, minted);
    if (answer.status === 401) {
      minted = await this.#renew(request, minted);
      if (isOfAnother(request, minted)) return transferred;
      answer = await this.#post(request, request.repository, minted);
    }
    const meaning = classifyAnswer(answer, this.#parts.clock.now());
    if (!isAboutName(answer, meaning)) return meaning;
    // Renamed, transferred, or another has the name now: a new token names the repository as it is called, whatever it was called before.
    const renewed = await this.#renew(request, minted);
    if (isOfAnother(request, renewed)) return transferred;
    if (renewed.repository === null || renewed.repository === request.repository) return meaning;
    answer = await this.#post(request, renewed.repository, renewed);
    return { ...classifyAnswer(answer, this.#parts.clock.now()), repository: renewed.repository };
  }

  async #renew(request: DispatchRequest, stale: MintedToken): Promise<MintedToken> {
    const scope = scopeOf(request);
    await this.#parts.tokens.drop(scope, stale);
    return this.#parts.tokens.get(scope);
  }

  async #post(request: DispatchRequest, fullName: string, { token }: MintedToken): Promise<Answer> {
    const answer = await this.#parts.post(request, fullName, token);
    const remaining = Number(answer.headers['x-ratelimit-remaining'] ?? NaN);
    if (Number.isFinite(remaining)) this.#parts.onRate(request.installationId, remaining);
    return answer;
  }
}

const scopeOf = ({ installationId, repositoryId }: DispatchRequest): TokenScope => ({
  installationId,
  repositoryId,
  permissions: { contents: 'write' },
});

const isOfAnother = ({ ownerId }: DispatchRequest, minted: MintedToken): boolean =>
  ownerId !== undefined && minted.ownerId !== null && minted.ownerId !== ownerId;

/** A redirect, or that the token does not reach what has this name: 404 if that is private, 403 if everybody may see it. */
const isAboutName = ({ status }: Answer, { kind }: DispatchAnswer): boolean =>
  [301, 307, 308, 404].includes(status) || (status === 403 && kind === 'refused');

/** What came instead of an answer to the dispatch: a refused token, or no answer at all. */
function unanswered(error: unknown, nowMs: number): DispatchAnswer {
  if (!isAnswered(error))
    return { kind: 'retry', status: null, reason: redact(`GitHub could not be reached: ${messageOf(error)}`) };
  const answer = answerOf(error);
  if (answer.status === 404)
    return { kind: 'refused', status: 404, reason: 'GitHub answered 404: the installation of the Zekt App is gone.' };
  if (answer.status === 422) {
    const reason = redact(`GitHub gives no token for this repository with 'Contents: write': ${answer.message}`);
    return { kind: 'refused', status: 422, reason };
  }
  return classifyAnswer(answer, nowMs);
}
