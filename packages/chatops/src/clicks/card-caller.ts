import type { Actor } from '@zekt/contracts';
import { ZektError } from '@zekt/core';
import type { Person } from '../approval/may-decide.ts';

/** A request behind a click, as far as it proves who clicked. */
export interface ClickProof {
  /** `Authorization`, or `Action-Authorization` where the card asked for that. */
  readonly token: string;
  /** The parsed body; the Bot Connector says in it who clicked. */
  readonly body: unknown;
}

/**
 * Who clicked, by a token of one issuer. Null: the token is of another issuer, which is for another verifier to judge.
 *
 * @throws ZektError `invalid_token`, `token_expired` or `issuer_unreachable`
 */
export type VerifyCardCaller = (proof: ClickProof, unverifiedIssuer: string) => Promise<Person | null>;

export const entraPerson = (tenant: string, id: string, name: unknown, groups: unknown = []): Person => ({
  actor: {
    provider: 'entra',
    id: id.toLowerCase(),
    tenant: tenant.toLowerCase(),
    name: shortName(name),
  } satisfies Actor,
  groups: Array.isArray(groups) ? groups.filter((it) => typeof it === 'string').map((it) => it.toLowerCase()) : [],
});

/** How tokens of Microsoft name a person, where they do: by address rather than by name. */
const namingClaims = ['preferred_username', 'upn', 'unique_name', 'email', 'name'] as const;

/** For display only: it proves nothing. */
export const displayName = (claims: Readonly<Record<string, unknown>>): unknown =>
  namingClaims.map((claim) => claims[claim]).find((it) => typeof it === 'string' && it !== '');

const shortName = (name: unknown): string | null =>
  typeof name === 'string' && name !== '' ? name.slice(0, 200) : null;

/** @throws ZektError `invalid_token` when the claim is not a text */
export function textClaim(claims: Readonly<Record<string, unknown>>, name: string): string {
  const value = claims[name];
  if (typeof value !== 'string' || value === '')
    throw new ZektError('invalid_token', `The token has no claim '${name}'.`);
  return value;
}
