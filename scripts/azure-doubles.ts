// `npm run azure:doubles`: Cosmos DB and Service Bus on loopback, in memory, until Ctrl-C. Prints the settings of a host that shall use
// them. With `-- --functions` it also runs the built function app on them, with the settings of this terminal.
import { spawn } from 'node:child_process';
import { startDoubles } from '@zekt/azure/testing';

const doubles = await startDoubles({ lockMs: 60_000 });
for (const [name, value] of Object.entries(doubles.environment)) console.log(`export ${name}='${value}'`);

const host = process.argv.includes('--functions')
  ? spawn(process.execPath, ['packages/azure-doubles/src/functions/main.ts', 'functions/dist/index.cjs'], {
      env: { ...process.env, ...doubles.environment },
      stdio: 'inherit',
    })
  : null;
console.log('# Cosmos DB and Service Bus are listening; Ctrl-C ends them');

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    host?.kill(signal);
    void doubles.stop().then(() => process.exit(0));
  });
}
