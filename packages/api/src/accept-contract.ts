import { isDeepStrictEqual } from 'node:util';
import { validate, type ContractName, type Contracts } from '@zekt/contracts';
import type { Accept } from '@zekt/hooks';

/** A hook's answer is taken when it is what the contract says. */
export const acceptContract =
  <N extends ContractName>(name: N): Accept<Contracts[N]> =>
  (answer) => {
    const result = validate(name, answer);
    return result.ok ? { value: result.value } : result.problem;
  };

/** What hooks may look at and stop, but not change. */
export const unchanged =
  <V>(value: V): Accept<V> =>
  (answer) =>
    isDeepStrictEqual(answer, value) ? { value } : 'this can not be changed.';
