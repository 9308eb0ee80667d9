#!/usr/bin/env node
// Plain JavaScript, so that an older Node can still say what is wrong.
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(`zekt needs Node 24; this is ${process.version}. In the repository, run it as: npx zekt`);
  process.exit(2);
}
// node:sqlite announces itself as experimental; everything else is still shown.
const warn = process.emitWarning;
process.emitWarning = (warning, ...rest) => {
  if (!String(warning).includes('SQLite')) warn.call(process, warning, ...rest);
};
// Started often and briefly: what was compiled once is kept in the system's temporary directory.
const { enableCompileCache } = await import('node:module');
enableCompileCache?.();
const { main } = await import('../src/main.ts');
process.exitCode = await main(process.argv.slice(2));
