import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Check } from './check.ts';
import type { Doctor } from './doctor.ts';

/** What stays as it is, is told again after this long. */
const againMs = 3_600_000;

/** Tells the log what the doctor finds: what is new at once, what stays every hour, and what is well again. */
export class DoctorWatch {
  readonly #doctor: Pick<Doctor, 'examine'>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #log: Pick<Log, 'info' | 'warn'>;
  #isStopped = false;
  readonly #told = new Map<string, { readonly sentence: string; readonly at: number }>();

  constructor(doctor: Pick<Doctor, 'examine'>, clock: Pick<Clock, 'now'>, log: Pick<Log, 'info' | 'warn'>) {
    this.#doctor = doctor;
    this.#clock = clock;
    this.#log = log;
  }

  /** What a look that is under way finds of a server that stops, is no news. */
  stop(): void {
    this.#isStopped = true;
  }

  async look(): Promise<void> {
    const { checks } = await this.#doctor.examine();
    if (this.#isStopped) return;
    const found = checks.filter(({ level }) => level !== 'ok');
    for (const check of found) this.#tell(check);
    const ids = new Set(found.map(({ id }) => id));
    for (const id of [...this.#told.keys()]) {
      if (ids.has(id)) continue;
      this.#told.delete(id);
      this.#log.info({ check: id }, `doctor: '${id}' is well again`);
    }
  }

  #tell({ id, side, level, sentence, fix }: Check): void {
    const at = this.#clock.now();
    const told = this.#told.get(id);
    if (told?.sentence === sentence && at - told.at < againMs) return;
    this.#told.set(id, { sentence, at });
    this.#log.warn({ check: id, side, level, fix }, `doctor: ${sentence}`);
  }
}
