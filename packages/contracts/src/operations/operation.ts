import type { ContractName } from '../validate.ts';

/**
 * Who may call an operation: a workflow with its OIDC token, GitHub with its signature, a manager with the admin token, either of
 * workflow and manager (`party`), a manager or a controller that has the admin token in its URL (`reporter`), Microsoft on behalf of who clicked a card, a person signed in by a browser, or anyone.
 */
export type Caller = 'workflow' | 'github' | 'management' | 'party' | 'reporter' | 'card' | 'person' | 'anyone';

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `{name}` for each path parameter. */
  readonly path: string;
  readonly summary: string;
  readonly caller: Caller;
  /** Schema of the JSON body, if the operation takes one. */
  readonly request?: ContractName;
  /** Status and schema of the answer when all went well; `otherSchema` where a workflow gets less than a manager. */
  readonly answer:
    | { readonly status: 200 | 201 | 202; readonly schema: ContractName; readonly otherSchema?: ContractName }
    /** A page for a browser, or the way to one. */
    | { readonly status: 200 | 303; readonly html: true };
  readonly query?: Readonly<Record<string, string>>;
  /** Statuses of the errors that a caller should expect, beside 500. */
  readonly errors: readonly number[];
}

/** Query parameters of every list. */
export const paging = { after: 'the `next` of the page before', limit: '1 to 100, default 50' };
/** Statuses that any operation for managers may answer. */
export const managed = [400, 401] as const;
/** Beside them, of what asks GitHub: it refuses the App, or can't be reached. */
export const asksGitHub = [502, 503] as const;
