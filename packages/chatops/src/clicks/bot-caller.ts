import { ZektError, type Clock } from '@zekt/core';
import { OidcKeys } from '@zekt/oidc';
import { entraPerson, textClaim, type VerifyCardCaller } from './card-caller.ts';
import { verifyToken } from './verify-token.ts';

export interface BotCallerOptions {
  /** The bot's application id: the audience. */
  readonly appId: string;
  /** `https://api.botframework.com` */
  readonly issuer: string;
  readonly discoveryUrl: string;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

interface Activity {
  readonly serviceUrl?: unknown;
  readonly from?: { readonly aadObjectId?: unknown; readonly name?: unknown };
  readonly channelData?: { readonly tenant?: { readonly id?: unknown } };
}

/** The Bot Connector's token says that the body is an activity of Teams; the activity says who clicked. */
export function botCaller({ appId, issuer, discoveryUrl, clock, fetch }: BotCallerOptions): VerifyCardCaller {
  const keys = new OidcKeys(issuer, { clock, fetch, discoveryUrl, coolDownMs: 60_000 });
  return async ({ token, body }, unverifiedIssuer) => {
    if (unverifiedIssuer !== issuer) return null;
    const claims = await verifyToken(token, { keys, issuers: [issuer], audiences: [appId] }, clock);
    const activity = (typeof body === 'object' && body !== null ? body : {}) as Activity;
    if (textClaim(claims, 'serviceurl') !== activity.serviceUrl)
      throw new ZektError('invalid_token', "The token is for another service URL than the activity's.");
    const id = activity.from?.aadObjectId;
    const tenant = activity.channelData?.tenant?.id;
    if (typeof id !== 'string' || id === '' || typeof tenant !== 'string' || tenant === '')
      throw new ZektError('invalid_token', 'The activity does not say who clicked.');
    return entraPerson(tenant, id, activity.from?.name);
  };
}
