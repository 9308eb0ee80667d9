import type { Doubles } from '@zekt/azure/testing';
import { randomFrom } from '@zekt/core/testing';

/** What the storm does, and how often it has done it. */
export interface Weather {
  /** Refusals of store and bus that asked for time. */
  readonly throttled: number;
  /** Requests that failed, or whose answer was lost. */
  readonly failed: number;
  /** Tokens that ran out: of requests to the store, and of all links of the bus at once. */
  readonly expired: number;
  /** 0 to 1, the same for the same seed. */
  random(): number;
  /** It is over: everything answers. Replicas stay behind. */
  calm(): void;
}

/** Requests between two times at which all tokens of the bus run out. */
const tokensLastFor = 700;

export function weatherOf({ cosmos, serviceBus }: Doubles, seed: number): Weather {
  const random = randomFrom(seed);
  const counts = { throttled: 0, failed: 0, expired: 0 };
  let requests = 0;
  cosmos.fault = ({ kind }) => {
    requests += 1;
    if (requests % tokensLastFor === 0) {
      counts.expired += 1;
      serviceBus.expireTokens();
    }
    const draw = random();
    if (draw < 0.03) {
      counts.throttled += 1;
      return { kind: 'refuse', status: 429, retryAfterMs: 5 };
    }
    if (draw < 0.033) {
      counts.expired += 1;
      return { kind: 'refuse', status: 401 };
    }
    if (draw < 0.04 && kind === 'read') {
      counts.failed += 1;
      return { kind: 'refuse', status: 503 };
    }
    if (draw < 0.05 && kind === 'batch') {
      counts.failed += 1;
      return { kind: 'cut', when: draw < 0.045 ? 'before' : 'after' };
    }
    return undefined;
  };
  serviceBus.isBusy = () => {
    const isBusy = random() < 0.01;
    if (isBusy) counts.throttled += 1;
    return isBusy;
  };
  return {
    get throttled() {
      return counts.throttled;
    },
    get failed() {
      return counts.failed;
    },
    get expired() {
      return counts.expired;
    },
    random,
    calm() {
      cosmos.fault = () => undefined;
      serviceBus.isBusy = () => false;
    },
  };
}
