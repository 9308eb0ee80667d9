import type { Load, Parameters } from './parameters.ts';

/** A load of one's own, where nothing else is said. */
const ownLoad: Load = {
  name: 'your own',
  runsPerMinute: 1000,
  consumers: 1,
  installations: 100,
  minutes: 5,
  inBursts: false,
};

export interface Options {
  readonly parameters: Parameters;
  /** Null: the usual ones. */
  readonly load: Load | null;
}

const optionOf = (name: string): string => name.replace(/[A-Z]+/g, (it) => `-${it.toLowerCase()}`);

/**
 * Options of the command line over what is deployed: `--session-idle-ms=1000` for `sessionIdleMs`, `--runs-per-minute=500` for a load of one's
 * own.
 *
 * @throws Error that names the options there are
 */
export function readOptions(deployed: Parameters, args: readonly string[]): Options {
  const { name: _, ...loadFields } = ownLoad;
  const fields = { ...deployed, ...loadFields };
  const names = new Map(Object.keys(fields).map((name) => [optionOf(name), name as keyof typeof fields]));
  const changed: Record<string, number | boolean> = {};
  for (const arg of args) {
    const [, option = '', text = ''] = /^--([a-z-]+)=(.+)$/.exec(arg) ?? [];
    const name = names.get(option);
    if (name === undefined) throw new Error(`'${arg}' is none of --${[...names.keys()].join('=…, --')}=…`);
    const isSwitch = typeof fields[name] === 'boolean';
    if (isSwitch ? !/^(true|false)$/.test(text) : !(Number(text) >= 0))
      throw new Error(`--${option} needs ${isSwitch ? 'true or false' : 'a number'}; got '${text}'`);
    changed[name] = isSwitch ? text === 'true' : Number(text);
  }
  const isOwnLoad = Object.keys(loadFields).some((name) => name in changed);
  const all = { ...fields, ...changed };
  return { parameters: all, load: isOwnLoad ? { ...all, name: ownLoad.name } : null };
}
