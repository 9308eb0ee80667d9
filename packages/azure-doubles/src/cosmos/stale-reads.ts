export interface StaleReadsOptions {
  /** Of the reads, 0 to 1. @default 0.5 */
  readonly share?: number;
  /** Operations that a replica is behind at most. @default 8 */
  readonly most?: number;
}

/** Makes up which reads come from a replica that is behind, and by how many operations: the same for the same seed. */
export function staleReads(seed: number, { share = 0.5, most = 8 }: StaleReadsOptions = {}): () => number {
  let state = seed >>> 0;
  // Numerical Recipes' linear congruential generator: good enough to choose by.
  const draw = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => (draw() < share ? 1 + Math.floor(draw() * most) : 0);
}
