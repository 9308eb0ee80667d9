/**
 * Whether everybody can read what this job prints: log and summary of a public repository. One word of it is enough, and where nothing
 * says, it is taken for public.
 *
 * @param event the event's payload: `repository.visibility` and `repository.private`
 * @param claim `repository_visibility` of the job's token
 */
export function isPublic(event: Readonly<Record<string, unknown>>, claim: unknown): boolean {
  const { visibility, private: isPrivate } = (event.repository ?? {}) as { visibility?: unknown; private?: unknown };
  if (visibility === 'public' || isPrivate === false || claim === 'public') return true;
  const isKnown = [visibility, claim].some((it) => typeof it === 'string' && it !== '') || isPrivate === true;
  return !isKnown;
}
