import { limits } from '@zekt/contracts';
import type { ApprovalsContext } from './approval/approvals-context.ts';
import type { VerifyCardCaller } from './clicks/card-caller.ts';
import { RateLimit } from './clicks/rate-limit.ts';
import type { IdentityProvider } from './sign-in/identity-provider.ts';

export interface ChatopsOptions extends ApprovalsContext {
  /** Whose tokens are taken for clicks on cards. */
  readonly verifiers: readonly VerifyCardCaller[];
  /** Where people sign in for the page. */
  readonly providers: readonly IdentityProvider[];
}

/** Everything that asking people needs. */
export interface Chatops extends ChatopsOptions {
  readonly clickLimit: RateLimit;
}

/** A person who needs more tries at one approval within a minute is a machine. */

export const createChatops = (options: ChatopsOptions): Chatops => ({
  ...options,
  clickLimit: new RateLimit(limits.clicksOfPerson.value, options.clock),
});
