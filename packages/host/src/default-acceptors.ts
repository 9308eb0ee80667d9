import { availableParallelism } from 'node:os';

/** Each costs about 50 MB; more than these find little to do beside one thread that stores. */
const most = 4;

/**
 * How many threads listen unless the operator says otherwise: one for each core beyond two, where threads can share a port. With two cores
 * they would only take turns.
 */
export const defaultAcceptors = (cores = availableParallelism(), platform: string = process.platform): number =>
  platform === 'linux' ? Math.max(0, Math.min(cores - 2, most)) : 0;
