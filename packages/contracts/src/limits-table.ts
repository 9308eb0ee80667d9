import { limits, type Limit } from './limits.ts';

const times: Readonly<Record<number, string>> = {
  60_000: 'within a minute',
  3_600_000: 'within an hour',
  7_776_000_000: 'within 90 days',
};

/** The limits as docs/reference/limits.md shows them: a row of Markdown each. */
export const limitsTable = (): string =>
  [
    '| of | limit | answer beyond it |',
    '| --- | --- | --- |',
    ...Object.values<Limit>(limits).map(({ of, value, unit, windowMs, setting, status, code }) => {
      const within = windowMs === undefined ? '' : ` ${times[windowMs] ?? `within ${windowMs / 1000} s`}`;
      const changed = setting === undefined ? '' : `; [\`${setting}\`](settings.md)`;
      return `| ${of} | ${value.toLocaleString('en')} ${unit}${within}${changed} | ${status} \`${code}\` |`;
    }),
  ].join('\n');
