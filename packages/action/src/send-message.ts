import { ActionError } from './action-error.ts';
import { callBackend, sentenceOf, type Backend } from './call-backend.ts';
import type { Send } from './http.ts';
import type { Patience } from './retry.ts';
import type { StepReference } from './step-reference.ts';

export interface Message {
  readonly eventType: string;
  readonly repository: string;
  readonly runId: string;
  readonly actor: string;
  readonly sha: string;
  readonly ref: string;
  readonly workflow: string;
  /** JSON text. */
  readonly payload: string;
  readonly stepReference: StepReference | null;
}

export interface Receipt {
  readonly eventId: string;
  readonly consumersNotified: string;
  readonly message: string;
  /** Why nobody will get it, and what to do, where the server says so. */
  readonly undelivered: { readonly reason: string; readonly fix: string } | null;
}

/** The request body of the wire. The payload goes in as the text it is: parsing and printing it anew would round long numbers. */
export function bodyOf(message: Message, timestamp: string): string {
  const fields = {
    eventType: message.eventType,
    repository: message.repository,
    workflowRunId: message.runId,
    triggeredBy: message.actor,
    commitSha: message.sha,
    ref: message.ref,
    workflow: message.workflow,
    timestamp,
    ...(message.stepReference && { orchestration_step_ref: message.stepReference }),
  };
  return `${JSON.stringify(fields).slice(0, -1)},"payload":${message.payload}}`;
}

/**
 * Sends a message to the backend.
 *
 * @throws ActionError with the backend's own sentence, or why there was none
 */
export async function sendMessage(
  message: Message,
  backend: Backend,
  send: Send,
  patience: Patience,
): Promise<Receipt> {
  const body = bodyOf(message, new Date(patience.now()).toISOString());
  const call = { method: 'POST', path: '/api/events/receive', body, repository: message.repository } as const;
  return readReceipt(await callBackend({ ...call, noun: 'message' }, backend, send, patience));
}

function readReceipt(answer: Record<string, unknown>): Receipt {
  const { success, eventId, consumersNotified, ...others } = answer;
  if (success !== true)
    throw new ActionError(
      `The Zekt server took the request but reports no success: ${sentenceOf(others, JSON.stringify({ success, ...others }))}`,
    );
  return {
    eventId: textOf(eventId),
    consumersNotified:
      typeof consumersNotified === 'number' || typeof consumersNotified === 'string' ? String(consumersNotified) : '0',
    message: textOf(others.message),
    undelivered: readUndelivered(others.undelivered),
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function readUndelivered(value: unknown): Receipt['undelivered'] {
  if (typeof value !== 'object' || value === null) return null;
  const { reason, fix } = value as Record<string, unknown>;
  return textOf(reason) === '' ? null : { reason: textOf(reason), fix: textOf(fix) };
}
