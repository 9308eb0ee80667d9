// What a month on Azure costs, from counts: `npm run azure:cost -- --messages 100000 --consumers 3`. See docs/explanation/cost.md.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { costOf, type Prices, type Usage } from './cost-of.ts';

const daysOfMonth = 30;
const { values } = parseArgs({
  options: {
    messages: { type: 'string' },
    consumers: { type: 'string' },
    /** An answer of `GET /api/stats`: its last day is taken for each day of the month. */
    from: { type: 'string' },
    prices: { type: 'string', default: 'infra/prices.json' },
    capacity: { type: 'string', default: 'serverless' },
    'autoscale-units': { type: 'string', default: '1000' },
    sku: { type: 'string', default: 'Standard' },
    'messaging-units': { type: 'string', default: '1' },
    'always-ready': { type: 'string', default: '0' },
    'instance-gb': { type: 'string', default: '2' },
    'trace-percent': { type: 'string', default: '100' },
    'availability-test': { type: 'boolean', default: false },
    'private-endpoints': { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
});

function number(name: keyof typeof values, otherwise?: number): number {
  const text = values[name];
  if (text === undefined && otherwise !== undefined) return otherwise;
  const value = Number(text);
  if (typeof text === 'string' && text.trim() !== '' && value >= 0) return value;
  console.error(`--${name} must be a number, 0 or more; got '${String(text ?? '')}'`);
  process.exit(2);
}

function oneOf<T extends string>(name: keyof typeof values, allowed: readonly T[]): T {
  const found = allowed.find((it) => it === values[name]);
  if (found !== undefined) return found;
  console.error(`--${name} must be one of ${allowed.join(', ')}; got '${String(values[name])}'`);
  process.exit(2);
}

/** Messages and deliveries of the last day, as the server counted them. */
function counted(path: string): { readonly messages: number; readonly consumers: number } {
  const { counters } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly counters: Readonly<Record<string, number>>;
  };
  const messages = counters['messages.accepted'] ?? 0;
  return {
    messages: messages * daysOfMonth,
    consumers: messages === 0 ? 0 : (counters['deliveries.dispatched'] ?? 0) / messages,
  };
}

const known = values.from === undefined ? null : counted(values.from);
const usage: Usage = {
  messages: number('messages', known?.messages),
  consumers: number('consumers', known?.consumers ?? 1),
  capacity: oneOf('capacity', ['serverless', 'autoscale']),
  autoscaleUnits: number('autoscale-units'),
  sku: oneOf('sku', ['Standard', 'Premium']),
  messagingUnits: number('messaging-units'),
  alwaysReady: number('always-ready'),
  instanceGb: number('instance-gb'),
  tracePercent: number('trace-percent'),
  availabilityTest: values['availability-test'],
  privateEndpoints: number('private-endpoints'),
};
const prices = JSON.parse(readFileSync(values.prices, 'utf8')) as Prices;
const lines = costOf(usage, prices);
const total = lines.reduce((sum, { cost }) => sum + cost, 0);

if (values.json)
  console.log(JSON.stringify({ usage, lines, total, currency: prices.currency, date: prices.date }, null, 2));
else {
  console.log(
    [
      `| a month, ${usage.messages.toLocaleString('en')} messages to ${usage.consumers.toLocaleString('en')} consumers | amount | ${prices.currency} |`,
      '| --- | --- | --- |',
      ...lines.map(({ what, amount, cost }) => `| ${what} | ${amount} | ${cost.toFixed(2)} |`),
      `| all | | ${total.toFixed(2)} |`,
    ].join('\n'),
  );
  console.error(`Prices of ${prices.region}, ${prices.date}. ${prices.source}`);
}
