import { ActionError } from '../action-error.ts';
import { readBoolean, readPayload, readServer, type GetInput, type ServerInputs } from '../inputs.ts';
import { checkCount, checkExpiry, checkFact, checkLength, checkPayload } from './input-limits.ts';
import { linesOf } from './lines-of.ts';
import { readApprovers, readRequesterEntra } from './read-approvers.ts';

export interface ApproveInputs extends ServerInputs {
  /** JSON text of the request. Payloads are in it as they were given: parsing and printing it anew would round long numbers. */
  readonly body: string;
  readonly title: string;
  /** As they were given, for the summary. */
  readonly approvers: readonly string[];
  /** How long to wait for the decision; null: not at all. */
  readonly waitMs: number | null;
  readonly failOnReject: boolean;
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** @throws ActionError that names the input, what it got and what it wants */
export function readApproveInputs(getInput: GetInput): ApproveInputs {
  const given = (name: string): string => checkLength(name, getInput(name).trim());
  const optional = (name: string, key = name): Record<string, string> => {
    const value = given(name);
    return value === '' ? {} : { [key]: value };
  };
  const title = given('title');
  if (title === '')
    throw new ActionError(
      "The input 'title' is missing. Say what is decided, for example: title: basket 2.4.1 to production",
    );
  const entra = readRequesterEntra(getInput);
  const request = {
    title,
    ...optional('text'),
    ...optional('environment'),
    ...optional('version'),
    ...readChannel(getInput),
    facts: checkCount('facts', linesOf(getInput('facts')), 20).map(readFact),
    policy: {
      approvers: readApprovers(getInput),
      quorum: readWhole(getInput, 'quorum', '1', 20),
      requesterMayApprove: readBoolean(getInput, 'requester-may-approve', 'false'),
      requireRejectComment: readBoolean(getInput, 'require-reject-comment', 'false'),
    },
    ...(entra && { requester: { entra } }),
    expiresInSeconds: checkExpiry(readDuration(getInput, 'expires-in', '24h'), getInput('expires-in')),
  };
  const dispatches = (['approve', 'reject'] as const).map((decision) => {
    const eventType = given(`on-${decision}-event-type`);
    const name = `on-${decision}-payload`;
    const payload = getInput(name).trim() === '' ? null : checkPayload(name, readPayload(getInput, name));
    const fields = [
      ...(eventType === '' ? [] : [`"eventType":${JSON.stringify(eventType)}`]),
      ...(payload === null ? [] : [`"payload":${payload}`]),
    ];
    return fields.length === 0 ? '' : `,"on${decision === 'approve' ? 'Approve' : 'Reject'}":{${fields.join(',')}}`;
  });
  return {
    ...readServer(getInput),
    body: `${JSON.stringify(request).slice(0, -1)}${dispatches.join('')}}`,
    title,
    approvers: linesOf(getInput('approvers')),
    waitMs: readBoolean(getInput, 'wait', 'false') ? readDuration(getInput, 'wait-timeout', '1h') * 1000 : null,
    failOnReject: readBoolean(getInput, 'fail-on-reject', 'true'),
  };
}

function readFact(line: string): { name: string; value: string } {
  const colon = line.indexOf(':');
  if (colon < 1) throw new ActionError(`The input 'facts' has one 'Name: value' on each line; got '${line}'.`);
  return checkFact(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
}

function readChannel(getInput: GetInput): { channel?: string } {
  const channel = getInput('channel').trim();
  if (channel === '') return {};
  if (!/^[a-z0-9][a-z0-9-]{0,62}[a-z0-9]$/.test(channel))
    throw new ActionError(
      `The input 'channel' is a name of lower-case letters, digits and inner hyphens, as the server's operator gave it; got '${channel}'.`,
    );
  return { channel };
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
