/**
 * Makes up which reads come from a replica that is behind: the same for the same seed.
 *
 * @param share of the reads, 0 to 1. @default 0.5
 */
export function staleReads(seed: number, share = 0.5): () => boolean {
  let state = seed >>> 0;
  // Numerical Recipes' linear congruential generator: good enough to choose by.
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 < share;
  };
}
