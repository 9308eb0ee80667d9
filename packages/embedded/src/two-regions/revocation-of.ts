import { resourcesOf } from '../one-run.ts';

/** The resource that takes the right of one subscription back. */
export function revocationOf(subscriptions: readonly (readonly string[])[], number: number): object[] {
  // The service comes first.
  const resource = resourcesOf(subscriptions)[number + 1] as { readonly spec: object };
  return [{ ...resource, spec: { ...resource.spec, state: 'revoked' } }];
}
