import { limits } from '@zekt/contracts';
import type { GitHubGateway } from '@zekt/core';
import type { ApprovalsContext } from './approval/approvals-context.ts';
import type { VerifyCardCaller } from './clicks/card-caller.ts';
import { RateLimit } from './clicks/rate-limit.ts';
import { Memberships } from './identity/memberships.ts';
import type { IdentityProvider } from './sign-in/identity-provider.ts';

export interface ChatopsOptions extends Omit<ApprovalsContext, 'memberships'> {
  readonly github: ApprovalsContext['github'] & Pick<GitHubGateway, 'isTeamMember'>;
  /** Whose tokens are taken for clicks on cards. */
  readonly verifiers: readonly VerifyCardCaller[];
  /** Where people sign in for the page. */
  readonly providers: readonly IdentityProvider[];
}

/** Everything that asking people needs. */
export interface Chatops extends ChatopsOptions, ApprovalsContext {
  readonly github: ChatopsOptions['github'];
  readonly clickLimit: RateLimit;
}

export const createChatops = (options: ChatopsOptions): Chatops => ({
  ...options,
  memberships: new Memberships((...asked) => options.github.isTeamMember(...asked), options.clock),
  clickLimit: new RateLimit(limits.clicksOfPerson.value, options.clock),
});
