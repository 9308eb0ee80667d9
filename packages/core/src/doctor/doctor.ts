import type { DoctorAnswer } from '@zekt/contracts';
import { ZektError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { GitHubApp } from '../ports/github-app.ts';
import type { Log } from '../ports/log.ts';
import { checkApp } from './check-app.ts';
import { checkHook, type OwnHook } from './check-hook.ts';
import { checkInstallations } from './check-installations.ts';
import { checkRepository, type RepositoryContext, type Subject } from './check-repository.ts';
import { areWell, broken, type Check } from './check.ts';

/** A look at one part of the server. May throw: then that part is what is broken. */
export interface Probe {
  /** Of the check that says that the look failed. */
  readonly id: string;
  readonly look: () => Promise<readonly Check[]>;
}

export interface DoctorContext extends RepositoryContext {
  readonly app: GitHubApp;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  readonly ownHook: () => OwnHook;
  /** Beside GitHub and the App. */
  readonly probes: readonly Probe[];
  /** For one look (ms). @default 15,000 */
  readonly limitMs?: number;
}

/**
 * Looks at everything that may keep the server from working, and for a subject at everything between it and its deliveries. Answers within
 * the limit of one look, whatever hangs; never throws.
 */
export class Doctor {
  readonly #context: DoctorContext;

  constructor(context: DoctorContext) {
    this.#context = context;
  }

  async examine(subject: Subject | null = null): Promise<DoctorAnswer> {
    const { probes } = this.#context;
    const looks: readonly Probe[] = [
      { id: 'app credentials', look: () => this.#lookAtApp() },
      ...probes,
      ...(subject ? [{ id: 'repository', look: () => checkRepository(this.#context, subject) }] : []),
    ];
    const checks = (await Promise.all(looks.map((probe) => this.#look(probe)))).flat();
    return { ok: areWell(checks), checks };
  }

  /** One after the other: what GitHub does not answer for the App, it does not answer for its webhook either. */
  async #lookAtApp(): Promise<readonly Check[]> {
    const { app, ownHook } = this.#context;
    const facts = await app.getApp();
    const [hook, attempts, installations] = await Promise.all([
      app.getHook(),
      app.listHookAttempts(),
      app.listInstallations(),
    ]);
    return [...checkApp(facts), ...checkHook(hook, ownHook(), attempts), ...checkInstallations(installations)];
  }

  async #look({ id, look }: Probe): Promise<readonly Check[]> {
    const { clock, log, limitMs = 15_000 } = this.#context;
    const { promise: late, resolve: giveUp } = Promise.withResolvers<readonly Check[]>();
    const stop = clock.at(clock.now() + limitMs, () =>
      giveUp([broken(id, `There was no answer within ${limitMs / 1000} s.`, 'See the log of the server.')]),
    );
    try {
      return await Promise.race([look(), late]);
    } catch (error) {
      if (!(error instanceof ZektError)) log.warn({ check: id, err: error }, 'doctor: a look failed');
      return [whatFailed(id, error)];
    } finally {
      stop();
    }
  }
}

/** A refusal says itself what to do; of anything else only the log may tell more. */
function whatFailed(id: string, error: unknown): Check {
  if (error instanceof ZektError) {
    const [sentence = '', ...fix] = error.message.split(/(?<=\.) /);
    return broken(id, sentence, fix.join(' ') || 'Try again; see the log of the server.');
  }
  return broken(id, 'This could not be looked at.', 'See the log of the server.');
}
