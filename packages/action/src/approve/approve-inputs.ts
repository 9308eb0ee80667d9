import { ActionError } from '../action-error.ts';
import { readBoolean, readPayload, readServer, type GetInput } from '../inputs.ts';

/** One person or group that may decide, as the server takes it. */
type Approver =
  | { readonly github: string }
  | { readonly githubTeam: string }
  | { readonly entra: { readonly tenant: string; readonly objectId: string } }
  | { readonly entraGroup: { readonly tenant: string; readonly groupId: string } };

export interface ApproveInputs {
  /** JSON text of the request. Payloads are in it as they were given: parsing and printing anew would round long numbers. */
  readonly body: string;
  readonly apiUrl: string;
  readonly audience: string;
  /** How long to wait for the decision; null: not at all. */
  readonly waitMs: number | null;
  readonly failOnReject: boolean;
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** @throws ActionError that names the input, what it got and what it wants */
export function readApproveInputs(getInput: GetInput): ApproveInputs {
  const optional = (name: string, key: string): Record<string, string> => {
    const value = getInput(name).trim();
    return value === '' ? {} : { [key]: value };
  };
  const title = getInput('title').trim();
  if (title === '')
    throw new ActionError(
      "The input 'title' is missing. Say what is decided, for example: title: basket 2.4.1 to production",
    );
  const request = {
    title,
    ...optional('text', 'text'),
    ...optional('environment', 'environment'),
    ...optional('version', 'version'),
    ...optional('channel', 'channel'),
    facts: linesOf(getInput('facts')).map(readFact),
    policy: {
      approvers: readApprovers(getInput),
      quorum: readWhole(getInput, 'quorum', '1', 20),
      requesterMayApprove: readBoolean(getInput, 'requester-may-approve', 'false'),
      requireRejectComment: readBoolean(getInput, 'require-reject-comment', 'false'),
    },
    expiresInSeconds: readDuration(getInput, 'expires-in', '24h'),
  };
  const dispatches = (['approve', 'reject'] as const).map((decision) => {
    const eventType = getInput(`on-${decision}-event-type`).trim();
    const payload =
      getInput(`on-${decision}-payload`).trim() === '' ? null : readPayload(getInput, `on-${decision}-payload`);
    const fields = [
      ...(eventType === '' ? [] : [`"eventType":${JSON.stringify(eventType)}`]),
      ...(payload === null ? [] : [`"payload":${payload}`]),
    ];
    return fields.length === 0 ? '' : `,"on${decision === 'approve' ? 'Approve' : 'Reject'}":{${fields.join(',')}}`;
  });
  return {
    body: `${JSON.stringify(request).slice(0, -1)}${dispatches.join('')}}`,
    ...readServer(getInput),
    waitMs: readBoolean(getInput, 'wait', 'false') ? readDuration(getInput, 'wait-timeout', '1h') * 1000 : null,
    failOnReject: readBoolean(getInput, 'fail-on-reject', 'true'),
  };
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

function readFact(line: string): { name: string; value: string } {
  const colon = line.indexOf(':');
  if (colon < 1) throw new ActionError(`The input 'facts' has one 'Name: value' on each line; got '${line}'.`);
  return { name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() };
}

const approverForms = 'github:LOGIN, github-team:ORG/TEAM, entra:TENANT-ID/OBJECT-ID or entra-group:TENANT-ID/GROUP-ID';

function readApprovers(getInput: GetInput): Approver[] {
  const lines = linesOf(getInput('approvers'));
  if (lines.length === 0)
    throw new ActionError(`The input 'approvers' is missing. One on each line: ${approverForms}.`);
  return lines.map((line) => {
    const [, kind = '', who = ''] = /^([\w-]+):\s*(\S+)$/.exec(line) ?? [];
    const [tenant = '', id = ''] = who.split('/');
    if (kind === 'github' && who !== '') return { github: who };
    if (kind === 'github-team' && id !== '') return { githubTeam: who };
    if (kind === 'entra' && id !== '') return { entra: { tenant, objectId: id } };
    if (kind === 'entra-group' && id !== '') return { entraGroup: { tenant, groupId: id } };
    throw new ActionError(`The input 'approvers' has on each line ${approverForms}; got '${line}'.`);
  });
}

function readWhole(getInput: GetInput, name: string, otherwise: string, most: number): number {
  const text = getInput(name) || otherwise;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > most)
    throw new ActionError(`The input '${name}' must be a whole number from 1 to ${most}; got '${text}'.`);
  return value;
}

/** In seconds. */
function readDuration(getInput: GetInput, name: string, otherwise: string): number {
  const text = getInput(name) || otherwise;
  const [, amount = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = Number(amount) * (units[unit] ?? 0);
  if (seconds < 1)
    throw new ActionError(`The input '${name}' must be a time such as 90s, 30m, 24h or 7d; got '${text}'.`);
  return seconds;
}
