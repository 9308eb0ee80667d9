import manifest from '../package.json' with { type: 'json' };

/** Zekt's version: one number for the action, the server and the contracts. */
export const version: string = manifest.version;
