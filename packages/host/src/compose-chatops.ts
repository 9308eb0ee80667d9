import {
  botCaller,
  createChatops,
  entraCaller,
  entraProvider,
  gitHubProvider,
  legacyCaller,
  SigningKeys,
  type Chatops,
} from '@zekt/chatops';
import { fetchWithLimit, guardedPost } from '@zekt/egress';
import type { Parts, Ports } from './parts.ts';
import type { Settings } from './settings.ts';

/** For one request for keys: whoever clicks a card waits for two of them at most, and for GitHub. */
const cardKeysLimitMs = 1500;
/** For one request of a sign-in. */
const signInLimitMs = 10_000;

/** Approvals: who may decide, and how people are asked. */
export function composeChatops(
  { chatops, githubApiUrl, egressAllow }: Settings,
  { clock, log, secrets, signingSecrets, publicUrl }: Parts,
  { store, github }: Pick<Ports, 'store' | 'github'>,
  count: (name: string) => void,
): Chatops {
  const forCards = { clock, fetch: fetchWithLimit(cardKeysLimitMs) };
  const fetch = fetchWithLimit(signInLimitMs);
  const { githubUrl, githubClient, entraAuthority: authority, entraTenants, entraClient } = chatops;
  const [firstTenant, ...otherTenants] = entraTenants;
  const { cardAudiences: audiences, cardLegacyIssuer, cardBot } = chatops;
  return createChatops({
    store,
    clock,
    github,
    keys: new SigningKeys(signingSecrets),
    secrets,
    post: guardedPost({ exceptions: egressAllow }),
    publicUrl,
    log,
    count,
    random: Math.random,
    verifiers: [
      ...(audiences.length > 0 ? [entraCaller({ authority, tenants: entraTenants, audiences, ...forCards })] : []),
      ...(cardLegacyIssuer === null ? [] : [legacyCaller({ issuer: cardLegacyIssuer, publicUrl, ...forCards })]),
      ...(cardBot ? [botCaller({ ...cardBot, ...forCards })] : []),
    ],
    providers: [
      ...(githubClient
        ? [
            gitHubProvider({
              url: githubUrl,
              apiUrl: githubApiUrl,
              clientId: githubClient.id,
              clientSecret: githubClient.secret,
              fetch,
            }),
          ]
        : []),
      ...(entraClient && firstTenant !== undefined
        ? [
            entraProvider({
              authority,
              tenants: [firstTenant, ...otherTenants],
              clientId: entraClient.id,
              clientSecret: entraClient.secret,
              clock,
              fetch,
            }),
          ]
        : []),
    ],
  });
}
