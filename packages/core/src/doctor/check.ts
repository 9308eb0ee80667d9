import type { DoctorCheck } from '@zekt/contracts';

export type Check = DoctorCheck;

/** `ours`: whoever asked can mend it; `theirs`: only the other side can. */
export type Side = Check['side'];

export const fine = (id: string, sentence: string, side: Side = 'ours'): Check => ({ id, side, level: 'ok', sentence });

/** It works, or nobody knows that it does not; somebody should look. */
export const doubtful = (id: string, sentence: string, fix: string, side: Side = 'ours'): Check => ({
  id,
  side,
  level: 'warn',
  sentence,
  fix,
});

export const broken = (id: string, sentence: string, fix: string, side: Side = 'ours'): Check => ({
  id,
  side,
  level: 'fail',
  sentence,
  fix,
});

/** The other side's failures are told, but this side has nothing to mend. */
export const areWell = (checks: readonly Check[]): boolean =>
  !checks.some(({ side, level }) => side === 'ours' && level === 'fail');
