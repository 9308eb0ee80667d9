import type { Parts } from './parts.ts';

let loading: Promise<Parts> | null = null;

/**
 * What the functions do. Loaded by the first of them that runs, not at the start: the host waits for registrations, on every instance, and
 * these need little of it.
 */
export function loadParts(): Promise<Parts> {
  loading ??= import('./parts.ts').then(({ createParts }) => createParts());
  return loading;
}

/** The app's end: nothing is loaded for it. */
export async function closeParts(): Promise<void> {
  await (await loading)?.closeApp();
}
