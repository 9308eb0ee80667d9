import { callBackend, type Backend } from '../call-backend.ts';
import { ActionError } from '../action-error.ts';
import { isForkPullRequest } from '../is-fork.ts';
import { requestOidcToken } from '../oidc-token.ts';
import type { ServerInputs } from '../inputs.ts';
import type { ApproveRunner } from './approve-runner.ts';
import { inInputNames } from './input-names.ts';
import { readApproval, type Approval } from './read-approval.ts';

const callMs = 60_000;

/** Approvals of the server, for one job. */
export class ApprovalClient {
  readonly #runner: ApproveRunner;
  readonly #server: ServerInputs;
  /** `repository_visibility` of the token; null before there was one. */
  visibility: unknown = null;

  constructor(runner: ApproveRunner, server: ServerInputs) {
    this.#runner = runner;
    this.#server = server;
  }

  /** @throws ActionError that names inputs, not fields of the API */
  async ask(body: string): Promise<Approval> {
    try {
      const idempotencyKey = this.#runner.newKey();
      return await this.#call('POST', '/api/approvals', 'question', { body }, { idempotencyKey });
    } catch (error) {
      throw error instanceof ActionError ? new ActionError(inInputNames(error.message), { cause: error }) : error;
    }
  }

  /** @throws ActionError */
  get(id: string): Promise<Approval> {
    return this.#call('GET', `/api/approvals/${id}`, 'poll');
  }

  /** @throws ActionError */
  withdraw(id: string): Promise<Approval> {
    return this.#call('POST', `/api/approvals/${id}/cancel`, 'withdrawal', { body: '{}' });
  }

  async #call(
    method: 'GET' | 'POST',
    path: string,
    noun: string,
    content: { readonly body?: string } = {},
    more: Partial<Backend> = {},
  ): Promise<Approval> {
    const { repository, send, patience, info } = this.#runner;
    const token = await this.#freshToken();
    const backend = { apiUrl: this.#server.apiUrl, token, timeoutMs: callMs, say: info, ...more };
    return readApproval(await callBackend({ method, path, repository, noun, ...content }, backend, send, patience));
  }

  /** Tokens last five minutes, a decision may take days: each call has one of its own. */
  async #freshToken(): Promise<string> {
    const { tokenSource, eventName, actor, event, repository, send, patience, setSecret } = this.#runner;
    if (tokenSource.requestToken) setSecret(tokenSource.requestToken);
    const job = { eventName, actor, isForkPullRequest: isForkPullRequest(event, repository) };
    const token = await requestOidcToken(tokenSource, this.#server.audience, job, send, patience);
    setSecret(token);
    this.visibility = visibilityIn(token);
    return token;
  }
}

/** The claim, unverified: it is our own repository's. */
function visibilityIn(token: string): unknown {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
      repository_visibility?: unknown;
    };
    return claims.repository_visibility;
  } catch {
    return null;
  }
}
