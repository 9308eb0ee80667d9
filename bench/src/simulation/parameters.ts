/** What is simulated. Times in milliseconds. */
export interface Parameters {
  // Of host.json.
  readonly sessionsPerInstance: number;
  readonly sessionIdleMs: number;
  /** From when a session was accepted. */
  readonly lockRenewalMs: number;
  // Of Bicep.
  readonly maximumInstances: number;
  readonly readyHttp: number;
  readonly readyCorrelate: number;
  readonly readyDispatch: number;
  readonly httpConcurrency: number;
  readonly memoryMB: number;
  readonly dispatchPerMinute: number;
  readonly dispatchBurst: number;
  readonly premium: boolean;
  readonly autoscale: boolean;
  readonly maxThroughput: number;
  readonly lockMs: number;
  // Of the code.
  readonly runSessions: number;
  // Of the platform.
  readonly scalerEveryMs: number;
  readonly scalerStep: number;
  readonly httpStartsEveryMs: number;
  readonly coldStartMs: number;
  readonly creditsPerSecond: number;
  readonly receiversPerQueue: number;
  readonly serverlessUnits: number;
  // Of the work: medians.
  readonly storeMs: number;
  readonly busMs: number;
  readonly gitHubMs: number;
  readonly requestCpuMs: number;
  readonly correlateCpuMs: number;
  readonly dispatchCpuMs: number;
}

/** What comes in. */
export interface Load {
  readonly name: string;
  readonly runsPerMinute: number;
  readonly consumers: number;
  /** Installations that the consumers of all runs are spread over. */
  readonly installations: number;
  readonly minutes: number;
  /** All runs of a minute complete within its first second. */
  readonly inBursts?: boolean;
}
