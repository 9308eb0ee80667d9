// Zekt as `zekt serve` runs it, but for the point at which it is to die.
import { createLog, readSettings } from '@zekt/host';
import { startZekt } from 'zekt';
import { crashPoints, dieAt } from './crash-points.ts';

const [point, nth] = process.argv.slice(2);
const wanted = crashPoints.find((it) => it === point);
const settings = readSettings(process.env);
const zekt = await startZekt(settings, createLog(settings.logLevel), wanted && dieAt(wanted, Number(nth)));
console.log(`listening on ${zekt.url}`);
process.on('SIGTERM', () => void zekt.stop().then(() => process.exit(0)));
