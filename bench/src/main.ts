// `npm run bench` runs every benchmark; `npm run bench -- accepts start-up` only those named.
import { benchAccepts } from './accepts.ts';
import { benchBodies } from './bodies.ts';
import { benchDeliveries } from './deliveries.ts';
import { machine } from './figures.ts';
import { benchScaling } from './scaling.ts';
import { benchHistory } from './history.ts';
import { benchMemory } from './memory.ts';
import { benchNotifications } from './notifications.ts';
import { benchStart } from './start.ts';
import { benchStartUp } from './start-up.ts';

const benchmarks: Readonly<Record<string, () => Promise<string>>> = {
  accepts: benchAccepts,
  bodies: benchBodies,
  deliveries: benchDeliveries,
  history: benchHistory,
  memory: benchMemory,
  notifications: benchNotifications,
  start: benchStart,
  'start-up': benchStartUp,
  scaling: benchScaling,
};

const wanted = process.argv.slice(2).filter((name) => !name.startsWith('-'));
const unknown = wanted.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  console.error(`There is no benchmark '${unknown.join("', '")}'. There are: ${Object.keys(benchmarks).join(', ')}.`);
  process.exit(2);
}
console.log(`Machine: ${machine()}\n`);
for (const [name, run] of Object.entries(benchmarks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`## ${name}\n`);
  console.log(`${await run()}\n`);
}
