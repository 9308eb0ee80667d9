import { ActionError } from '../action-error.ts';

/** Limits of the server ("Approvals", reference), told by input before anything is asked. */
const longest: Readonly<Record<string, number>> = {
  title: 200,
  text: 2000,
  environment: 100,
  version: 100,
  'on-approve-event-type': 100,
  'on-reject-event-type': 100,
};

/** @throws ActionError */
export function checkLength(name: string, value: string): string {
  const most = longest[name];
  const characters = Array.from(value).length;
  if (most !== undefined && characters > most)
    throw new ActionError(`The input '${name}' has ${characters} characters; at most ${most} are possible.`);
  return value;
}

/** @throws ActionError */
export function checkFact(name: string, value: string): { name: string; value: string } {
  if (name.length > 60 || value.length > 300)
    throw new ActionError(
      `The input 'facts' has a name of at most 60 characters and a value of at most 300 on each line; got ${name.length} and ${value.length} at '${name.slice(0, 60)}'.`,
    );
  return { name, value };
}

/** @throws ActionError */
export function checkCount<T>(name: string, list: readonly T[], most: number): readonly T[] {
  if (list.length > most)
    throw new ActionError(`The input '${name}' has ${list.length} lines; at most ${most} are possible.`);
  return list;
}

const minute = 60;
const days28 = 2_419_200;

/** @throws ActionError */
export function checkExpiry(seconds: number, text: string): number {
  if (seconds < minute || seconds > days28)
    throw new ActionError(`The input 'expires-in' must be from 60s to 28d; got '${text}'.`);
  return seconds;
}

/** With everything around it, a payload of this size fits a `repository_dispatch`. */
const maxPayloadBytes = 40_000;

/** @throws ActionError */
export function checkPayload(name: string, payload: string): string {
  const bytes = Buffer.byteLength(payload);
  if (bytes > maxPayloadBytes)
    throw new ActionError(
      `The input '${name}' has ${bytes} bytes; at most ${maxPayloadBytes} can go along with a decision. Send a link to the data instead.`,
    );
  return payload;
}
