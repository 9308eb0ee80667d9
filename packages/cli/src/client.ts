import type { ContractName, Contracts, OperationName } from '@zekt/contracts';
import { operations, type Operation } from '@zekt/contracts';
import { mapStrings } from '@zekt/core';
import { isInJob, jobToken } from './job-token.ts';
import { localToken } from './local-token.ts';
import { refuseClearText } from './refuse-clear-text.ts';
import { shownWords } from './shown-words.ts';
import { UsageError } from './usage-error.ts';
import type { Environment } from '@zekt/host';

/** The server said no; its own sentence is the message. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/** No server answered. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

export interface CallInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: object;
}

export type AnswerOf<N extends OperationName> = (typeof operations)[N]['answer'] extends {
  schema: infer S extends ContractName;
}
  ? Contracts[S]
  : never;

export interface ClientOptions {
  /** Whether what is answered is shown on a terminal: then nothing in it is left that a terminal obeys. */
  readonly isForPeople?: () => boolean;
  /** Whether the token may go over plain HTTP to another machine. */
  readonly isInsecureAllowed?: boolean;
}

/** Calls the management API of a server. */
export type Client = <N extends OperationName>(operation: N, input?: CallInput) => Promise<AnswerOf<N>>;

/**
 * `ZEKT_URL` and `ZEKT_ADMIN_TOKEN`; on the server's own machine the token is read from its data directory, for that server alone. In a job of a workflow, without
 * any of these, the job's own OIDC token is used: for what a repository may do for itself.
 */
export function createClient(
  env: Environment,
  { isForPeople = (): boolean => false, isInsecureAllowed = false }: ClientOptions = {},
): Client {
  const named = env.ZEKT_URL?.trim() || null;
  const baseUrl = (named ?? 'http://127.0.0.1:7070').replace(/\/+$/, '');
  if (!/^https?:$/.test(URL.parse(baseUrl)?.protocol ?? ''))
    throw new UsageError('ZEKT_URL must be a URL such as https://zekt.example.com.');
  const ownToken = env.ZEKT_ADMIN_TOKEN?.trim() || localToken(env, baseUrl, named === null);
  if (!isInsecureAllowed && (ownToken !== '' || isInJob(env))) refuseClearText(baseUrl);
  const audience = env.ZEKT_OIDC_AUDIENCE?.trim() || (URL.parse(baseUrl)?.origin ?? baseUrl);
  const words = shownWords(env);
  return async <N extends OperationName>(name: N, { params = {}, query = {}, body }: CallInput = {}) => {
    const operation: Operation = operations[name];
    const path = operation.path.replace(/\{(\w+)\}/g, (_, parameter: string) =>
      encodeURIComponent(params[parameter] ?? ''),
    );
    const url = new URL(`${baseUrl}${path}`);
    for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, value);
    const token = ownToken === '' && isInJob(env) ? await jobToken(env, audience) : ownToken;
    const response = await send(url, operation.method, token, body);
    const given: unknown = await response.json().catch(() => ({}));
    const answer = (isForPeople() ? mapStrings(given, words) : given) as Record<string, unknown>;
    if (response.ok) return answer as AnswerOf<N>;
    const message =
      typeof answer.error === 'string' ? words(answer.error) : `${url.origin} answered ${response.status}`;
    throw new RefusedError(message, typeof answer.code === 'string' ? answer.code : 'unknown');
  };
}

async function send(url: URL, method: string, token: string, body: object | undefined): Promise<Response> {
  try {
    return await fetch(url, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(60_000),
      headers: {
        ...(token !== '' && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error
        ? error.cause.message
        : error instanceof Error
          ? error.message
          : '';
    throw new UnreachableError(
      `No Zekt server answers at ${url.origin} (${cause}). Start one with zekt serve, or set ZEKT_URL.`,
      { cause: error },
    );
  }
}
