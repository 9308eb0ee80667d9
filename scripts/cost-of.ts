/** Prices as in infra/prices.json: of units that Azure bills, in its currency. */
export interface Prices {
  readonly region: string;
  readonly currency: string;
  /** When they were looked up. */
  readonly date: string;
  readonly source: string;
  readonly cosmos: {
    readonly serverlessPerMillionUnits: number;
    readonly autoscalePer100UnitsAndHour: number;
    readonly storagePerGbMonth: number;
  };
  readonly serviceBus: {
    readonly standardPerHour: number;
    readonly standardIncludedMillionOperations: number;
    readonly standardPerMillionOperations: number;
    readonly premiumPerUnitAndHour: number;
  };
  readonly functions: {
    readonly perMillionExecutions: number;
    readonly perGbSecond: number;
    readonly freeExecutions: number;
    readonly freeGbSeconds: number;
    readonly alwaysReadyPerGbSecond: number;
    readonly alwaysReadyBusyPerGbSecond: number;
  };
  readonly monitor: {
    readonly perGb: number;
    readonly freeGb: number;
    readonly perMetricSeries: number;
    readonly perLogAlert: number;
    readonly perAvailabilityRun: number;
  };
  readonly keyVaultPer10000Operations: number;
  readonly privateEndpointPerHour: number;
}

/** What is deployed, and what a month brings. */
export interface Usage {
  /** Messages of workflows, each of a run of its own. */
  readonly messages: number;
  /** Deliveries for each. */
  readonly consumers: number;
  readonly capacity: 'serverless' | 'autoscale';
  /** With autoscale: request units per second that are billed on average, a tenth of the most at the least. */
  readonly autoscaleUnits: number;
  readonly sku: 'Standard' | 'Premium';
  readonly messagingUnits: number;
  /** Instances that are always ready, for whatever. */
  readonly alwaysReady: number;
  readonly instanceGb: number;
  readonly tracePercent: number;
  readonly availabilityTest: boolean;
  readonly privateEndpoints: number;
}

/** Measured on the doubles with the real SDKs (docs/explanation/scaling.md, the row of one consumer and that of each further one). */
export const loop = {
  requestUnits: 39,
  messages: 3,
  further: { requestUnits: 18.7, messages: 1.1 },
} as const;

/** Not measured: what they stand for is in docs/explanation/cost.md. */
export const assumed = {
  /** GitHub tells of each run three times: requested, in progress, completed. */
  webhooksOfRun: 3,
  /** A message is sent, received and settled. */
  operationsOfMessage: 3,
  /** How long an execution keeps its instance busy, what others share with it taken off (s). */
  secondsOfExecution: 0.1,
  /** What the platform bills of an execution that is alone, at the least (s). */
  leastSeconds: 1,
  /** Timers: one each minute, three every five. */
  timerRuns: 30 * 24 * (60 + 3 * 12),
  unitsOfTimerRun: 10,
  /** The change feed is asked every two seconds, with a request unit each; what it finds costs one a document, and is an execution. */
  feedPolls: (30 * 86_400) / 2,
  documentsOfMessage: 4,
  documentsOfDelivery: 3,
  /** Our span and the host's, with what is around them (kB). */
  traceKbOfExecution: 2.5,
  /** Metrics of the app and of the platform, and log lines, of an app that is there (GB a month). */
  standingLogGb: 2,
  /** A run with its message, plan, delivery, connection and journal, for 90 days (kB). */
  storedKbOfRun: 8,
  storedKbOfDelivery: 4,
  monthsKept: 3,
  keyVaultOperations: 10_000,
  /** bicep/modules: one for each value of a dimension. */
  logAlerts: 10,
  metricSeries: 40,
  /** Four places, every five minutes. */
  availabilityRuns: 4 * 12 * 24 * 30,
} as const;

const hours = 730;
const million = 1e6;

export interface CostLine {
  readonly what: string;
  readonly amount: string;
  /** In the currency of the prices, a month. */
  readonly cost: number;
}

/** What a month costs: by what is used, and what stands there anyway. */
export function costOf(usage: Usage, prices: Prices): readonly CostLine[] {
  const { messages, consumers } = usage;
  const deliveries = messages * consumers;
  const further = Math.max(0, consumers - 1) * messages;
  const documents = messages * assumed.documentsOfMessage + deliveries * assumed.documentsOfDelivery;
  const units =
    messages * loop.requestUnits +
    further * loop.further.requestUnits +
    assumed.timerRuns * assumed.unitsOfTimerRun +
    assumed.feedPolls +
    documents;
  const busMessages = messages * loop.messages + further * loop.further.messages;
  // The provider's run and each consumer's are told of by GitHub.
  const requests = messages + (messages + deliveries) * assumed.webhooksOfRun;
  const relays = Math.min(documents, assumed.feedPolls);
  const executions = requests + busMessages + relays + assumed.timerRuns;
  const busySeconds =
    (requests + busMessages + relays) * assumed.secondsOfExecution + assumed.timerRuns * assumed.leastSeconds;
  return [
    store(units, usage, prices),
    stored(messages, deliveries, prices),
    bus(busMessages, usage, prices),
    ...functions(executions, busySeconds, usage, prices),
    logs(executions, usage, prices),
    alerts(usage, prices),
    {
      what: 'Key Vault, private endpoints',
      amount: `${usage.privateEndpoints} endpoints`,
      cost:
        (assumed.keyVaultOperations / 10_000) * prices.keyVaultPer10000Operations +
        usage.privateEndpoints * hours * prices.privateEndpointPerHour,
    },
  ];
}

function store(units: number, { capacity, autoscaleUnits }: Usage, { cosmos }: Prices): CostLine {
  if (capacity === 'autoscale') {
    const cost = (autoscaleUnits / 100) * hours * cosmos.autoscalePer100UnitsAndHour;
    return { what: 'Cosmos DB, autoscale', amount: `${count(autoscaleUnits)} RU/s`, cost };
  }
  const cost = (units / million) * cosmos.serverlessPerMillionUnits;
  return { what: 'Cosmos DB, serverless', amount: `${count(units / million, 1)} million RU`, cost };
}

function stored(messages: number, deliveries: number, { cosmos }: Prices): CostLine {
  const kb = messages * assumed.storedKbOfRun + deliveries * assumed.storedKbOfDelivery;
  const gb = (kb * assumed.monthsKept) / 1e6;
  return { what: 'Cosmos DB, stored', amount: `${count(gb, 1)} GB`, cost: gb * cosmos.storagePerGbMonth };
}

function bus(busMessages: number, { sku, messagingUnits }: Usage, { serviceBus }: Prices): CostLine {
  if (sku === 'Premium') {
    const cost = messagingUnits * hours * serviceBus.premiumPerUnitAndHour;
    return { what: 'Service Bus, Premium', amount: `${messagingUnits} units`, cost };
  }
  const operations = (busMessages * assumed.operationsOfMessage) / million;
  const beyond = Math.max(0, operations - serviceBus.standardIncludedMillionOperations);
  return {
    what: 'Service Bus, Standard',
    amount: `${count(operations, 1)} million operations`,
    cost: hours * serviceBus.standardPerHour + beyond * serviceBus.standardPerMillionOperations,
  };
}

function functions(executions: number, busySeconds: number, usage: Usage, prices: Prices): CostLine[] {
  const { functions: price } = prices;
  const { alwaysReady, instanceGb } = usage;
  const gbSeconds = busySeconds * instanceGb;
  // The free grant is not for instances that are always ready; with these, most of the work is theirs.
  const isReady = alwaysReady > 0;
  const paidSeconds = isReady ? gbSeconds : Math.max(0, gbSeconds - price.freeGbSeconds);
  const paidExecutions = isReady ? executions : Math.max(0, executions - price.freeExecutions);
  const perGbSecond = isReady ? price.alwaysReadyBusyPerGbSecond : price.perGbSecond;
  return [
    {
      what: 'Functions, executions',
      amount: `${count(executions / million, 2)} million`,
      cost: (paidExecutions / million) * price.perMillionExecutions,
    },
    { what: 'Functions, time', amount: `${count(gbSeconds)} GB-s`, cost: paidSeconds * perGbSecond },
    {
      what: 'Functions, always ready',
      amount: `${alwaysReady} instances of ${instanceGb} GB`,
      cost: alwaysReady * instanceGb * hours * 3600 * price.alwaysReadyPerGbSecond,
    },
  ];
}

function logs(executions: number, { tracePercent }: Usage, { monitor }: Prices): CostLine {
  const traces = (executions * assumed.traceKbOfExecution * (tracePercent / 100)) / 1e6;
  const gb = traces + assumed.standingLogGb;
  return {
    what: 'Logs, traces, metrics',
    amount: `${count(gb, 1)} GB`,
    cost: Math.max(0, gb - monitor.freeGb) * monitor.perGb,
  };
}

function alerts({ availabilityTest }: Usage, { monitor }: Prices): CostLine {
  return {
    what: 'Alerts, availability test',
    amount: `${assumed.logAlerts} on logs, ${assumed.metricSeries} series${availabilityTest ? `, ${count(assumed.availabilityRuns)} tests` : ''}`,
    cost:
      assumed.logAlerts * monitor.perLogAlert +
      assumed.metricSeries * monitor.perMetricSeries +
      (availabilityTest ? assumed.availabilityRuns * monitor.perAvailabilityRun : 0),
  };
}

const count = (value: number, digits = 0): string => value.toLocaleString('en', { maximumFractionDigits: digits });
