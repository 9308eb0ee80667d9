import { ActionError } from './action-error.ts';
import { whereJsonBreaks } from './where-json-breaks.ts';

export interface Inputs {
  /** Empty only for the report of an orchestration step. */
  readonly eventType: string;
  /** JSON text, exactly as given. */
  readonly payload: string;
  /** Without trailing slash. */
  readonly apiUrl: string;
  readonly audience: string;
  readonly timeoutMs: number;
  readonly failOnError: boolean;
}

export type GetInput = (name: string) => string;

/** The wire's own limit, as UTF-8 bytes. */
export const maxPayloadBytes = 524_288;
const loopback = ['127.0.0.1', 'localhost', '[::1]'];

/** YAML 1.2 booleans; anything else is refused. */
export function readBoolean(getInput: GetInput, name: string, otherwise: 'true' | 'false'): boolean {
  const value = getInput(name) || otherwise;
  if (/^(true|True|TRUE)$/.test(value)) return true;
  if (/^(false|False|FALSE)$/.test(value)) return false;
  throw new ActionError(`The input '${name}' must be true or false; got '${value}'.`);
}

/** `fail-on-error` alone: it decides what becomes of every other mistake. */
export const readFailOnError = (getInput: GetInput): boolean => readBoolean(getInput, 'fail-on-error', 'true');

/** @throws ActionError that names the input, what it got and what it wants */
export function readInputs(getInput: GetInput, isStepReport: boolean): Inputs {
  const failOnError = readFailOnError(getInput);
  const eventType = getInput('event-type').trim();
  if (eventType === '' && !isStepReport) {
    throw new ActionError(
      "The input 'event-type' is missing. Say what happened, for example: event-type: infrastructure-ordered",
    );
  }
  if (eventType.length > 100)
    throw new ActionError(`The input 'event-type' has ${eventType.length} characters; GitHub allows 100.`);
  return {
    eventType,
    payload: readPayload(getInput, 'payload'),
    ...readServer(getInput),
    timeoutMs: readSeconds(getInput('timeout-seconds') || '60') * 1000,
    failOnError,
  };
}

/** Which server, and how it is spoken to. */
export interface ServerInputs {
  readonly apiUrl: string;
  readonly audience: string;
}

/**
 * Where the server is, and whom the token is for: that server, unless the input says otherwise.
 *
 * @throws ActionError
 */
export function readServer(getInput: GetInput): ServerInputs {
  const given = getInput('zekt-api-url').trim();
  if (given === '')
    throw new ActionError(
      "The input 'zekt-api-url' is missing or empty: where is your Zekt server? Usually it is kept in the variable ZEKT_API_URL of the repository or organisation: zekt-api-url: ${{ vars.ZEKT_API_URL }}",
    );
  const apiUrl = readUrl(given);
  return { apiUrl, audience: getInput('audience').trim() || audienceOf(apiUrl) };
}

/** The server's public URL has no path, wherever a proxy has put it. */
export const audienceOf = (apiUrl: string): string => URL.parse(apiUrl)?.origin ?? apiUrl;

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds < 1 || seconds > 240) {
    throw new ActionError(`The input 'timeout-seconds' must be a whole number from 1 to 240; got '${text}'.`);
  }
  return seconds;
}

/** @throws ActionError */
export function readUrl(text: string): string {
  const url = URL.parse(text);
  if (!url)
    throw new ActionError(`The input 'zekt-api-url' is not a URL: '${text}'. It looks like https://zekt.example.com`);
  if (url.username !== '' || url.password !== '')
    throw new ActionError("The input 'zekt-api-url' must not hold a user name or password.");
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback.includes(url.hostname))) {
    throw new ActionError(
      `The input 'zekt-api-url' must begin with https:// (http is only for this machine); got '${url.protocol}//${url.host}'.`,
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** JSON text; an empty input is `{}`. */
export function readPayload(getInput: GetInput, name: string): string {
  const payload = getInput(name).trim() || '{}';
  const bytes = Buffer.byteLength(payload);
  if (bytes > maxPayloadBytes) {
    throw new ActionError(
      `The input '${name}' has ${bytes} bytes; the limit is ${maxPayloadBytes} (512 KB). Send a link to the data instead.`,
    );
  }
  try {
    JSON.parse(payload);
  } catch {
    throw new ActionError(
      `The input '${name}' is not JSON: ${whereJsonBreaks(payload)}. In YAML, write it in a block: ${name}: |`,
    );
  }
  return payload;
}
