import { ActionError } from '../action-error.ts';
import type { GetInput } from '../inputs.ts';
import { checkCount } from './input-limits.ts';
import { linesOf } from './lines-of.ts';

/** A person of a tenant, as the server takes them. */
export interface EntraId {
  readonly tenant: string;
  readonly objectId: string;
}

/** One person or group that may decide, as the server takes it. */
export type Approver =
  | { readonly github: string }
  | { readonly githubTeam: string }
  | { readonly entra: EntraId }
  | { readonly entraGroup: { readonly tenant: string; readonly groupId: string } };

const forms = 'github:LOGIN, github-team:ORG/TEAM, entra:TENANT-ID/OBJECT-ID or entra-group:TENANT-ID/GROUP-ID';
const login = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/;
const team = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/[A-Za-z0-9._-]{1,100}$/;
const guids = /^([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i;

/** @throws ActionError */
export function readApprovers(getInput: GetInput): Approver[] {
  const lines = linesOf(getInput('approvers'));
  if (lines.length === 0) throw new ActionError(`The input 'approvers' is missing. One on each line: ${forms}.`);
  return checkCount('approvers', lines, 50).map(readApprover);
}

function readApprover(line: string): Approver {
  const [, kind = '', who = ''] = /^([\w-]+):\s*(\S+)$/.exec(line) ?? [];
  const [, tenant = '', id = ''] = guids.exec(who) ?? [];
  if (kind === 'github' && login.test(who)) return { github: who };
  if (kind === 'github-team' && team.test(who)) return { githubTeam: who };
  if (kind === 'entra' && id !== '') return { entra: { tenant, objectId: id } };
  if (kind === 'entra-group' && id !== '') return { entraGroup: { tenant, groupId: id } };
  throw new ActionError(`The input 'approvers' has on each line ${forms}, ids as GUIDs; got '${line}'.`);
}

/**
 * Who started the run, as Microsoft knows them. Null: not given.
 *
 * @throws ActionError
 */
export function readRequesterEntra(getInput: GetInput): EntraId | null {
  const text = getInput('requester-entra').trim();
  if (text === '') return null;
  const [, tenant = '', objectId = ''] = guids.exec(text) ?? [];
  if (objectId === '')
    throw new ActionError(`The input 'requester-entra' must be TENANT-ID/OBJECT-ID, both GUIDs; got '${text}'.`);
  return { tenant, objectId };
}
