import { version, type Health } from '@zekt/contracts';
import { ZektError } from '@zekt/core';
import { errorAnswer } from './answer-error.ts';
import { pathOf } from './path-of.ts';
import { requestIdOf } from './request-id.ts';
import { routes } from './routes.ts';
import { toResponse } from './to-response.ts';

const healthPath = routes.find(({ name }) => name === 'getHealth')?.path;

/**
 * Answers for an app that can't be put together: whether the process lives can still be asked, everything else is 503.
 *
 * @param settings names of those that are missing or wrong; empty when another reason keeps it from opening
 */
export function answerUnopened(request: Request, settings: readonly string[]): Response {
  const requestId = requestIdOf(request);
  if (pathOf(request) === healthPath) {
    const health: Health = { status: 'ok', version };
    return toResponse({ status: 200, headers: {}, body: health }, requestId);
  }
  const error =
    settings.length > 0
      ? new ZektError(
          'misconfigured',
          `Zekt can't start: see ${settings.join(', ')} in its settings. The log has what is wrong with each.`,
        )
      : new ZektError('unavailable', "Zekt can't start at the moment; the log says why. Try again.");
  return toResponse(errorAnswer(error, requestId), requestId);
}
