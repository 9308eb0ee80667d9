import { expect, test } from '@jest/globals';
import { timerSchedule } from './timer-schedule.ts';

test.each([
  [undefined, '0 */5 * * * *'],
  ['', '0 */5 * * * *'],
  ['often', '0 */5 * * * *'],
  ['5m', '0 */5 * * * *'],
  ['300s', '0 */5 * * * *'],
  ['7m', '0 */6 * * * *'],
  ['10s', '0 */1 * * * *'],
  ['0ms', '0 */30 * * * *'],
  ['2h', '0 */30 * * * *'],
])('the setting %s makes a timer run at %s', (setting, schedule) => {
  expect(timerSchedule(setting, 5)).toBe(schedule);
});
