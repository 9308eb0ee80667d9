import { answerCardAction, cardFailure, type CardAnswer, type Decision } from '@zekt/chatops';
import { ZektError } from '@zekt/core';
import { errorAnswer } from './answer-error.ts';
import { param, type Call } from './call.ts';
import { noteFailure } from './note-failure.ts';
import { readBytes } from './read-body.ts';
import { toResponse } from './to-response.ts';

/** A comment and an activity of Teams fit; nothing else is wanted. */
const maxBodyBytes = 16 * 1024;

/**
 * A button of a card was pressed. What is told to the person goes into `CARD-ACTION-STATUS`, whatever went wrong. A caller who proves
 * nothing is thrown out, without that header.
 */
const answerClick =
  (decision: Decision) =>
  async (call: Call): Promise<Response> => {
    const { requestId } = call;
    const { answer, card } = await answerOf(call, decision);
    const response =
      answer.code === null || card !== null
        ? Response.json(card)
        : toResponse(errorAnswer(new ZektError(answer.code, answer.text), requestId), requestId);
    response.headers.set('content-type', 'application/json; charset=utf-8');
    response.headers.set('card-action-status', answer.text);
    response.headers.set('referrer-policy', 'no-referrer');
    if (card !== null) response.headers.set('card-update-in-body', 'true');
    return response;
  };

async function answerOf(call: Call, decision: Decision): Promise<CardAnswer> {
  const { zekt, request } = call;
  try {
    const body = await bodyOf(request);
    return await answerCardAction(zekt.chatops, { approvalId: param(call, 'id'), decision, request, body });
  } catch (error) {
    const answer = cardFailure(error, decision);
    if (answer === null) throw error;
    noteFailure(call, error);
    return { answer, card: null };
  }
}

/** A body that is too long is no comment; the decision is in the address. */
async function bodyOf(request: Request): Promise<Buffer> {
  try {
    return await readBytes(request, maxBodyBytes);
  } catch (error) {
    if (error instanceof ZektError && error.code === 'body_too_large') return Buffer.alloc(0);
    throw error;
  }
}

export const approveByCard = answerClick('approved');
export const rejectByCard = answerClick('rejected');
