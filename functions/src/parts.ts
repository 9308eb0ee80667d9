import { appOpener, type AppOpener } from './app.ts';
import { serverOf, type Serve } from './serve.ts';
import { workerOf, type Work } from './work.ts';

/** What the functions do. */
export interface Parts extends AppOpener {
  readonly serve: Serve;
  readonly work: Work;
}

/** Everything behind the registrations, by one entry: the build puts it, and all that it needs, into files of their own. */
export function createParts(): Parts {
  const opener = appOpener();
  return { ...opener, serve: serverOf(opener), work: workerOf(opener) };
}
