import { fine, type Check } from '@zekt/core';
import type { ChatopsSettings } from '../chatops-settings.ts';

/** By what people can prove who they are. That both settings of a client are there, is checked at the start. */
export function checkSignIn({ githubClient, entraClient, cardAudiences, cardBot }: ChatopsSettings): Check {
  const ways = [
    ...(githubClient ? ['GitHub, on the page'] : []),
    ...(entraClient ? ['Microsoft, on the page'] : []),
    ...(cardAudiences.length > 0 ? ['Microsoft, on cards'] : []),
    ...(cardBot ? ['a bot, on cards'] : []),
  ];
  return fine(
    'sign-in',
    ways.length > 0
      ? `People can sign in by: ${ways.join('; ')}.`
      : 'No sign-in is set up: only the operator can decide approvals.',
  );
}
