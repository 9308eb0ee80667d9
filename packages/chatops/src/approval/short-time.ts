import { isoTime } from '@zekt/core';

/** `2026-11-22 10:00 UTC` */
export const shortTime = (ms: number): string => `${isoTime(ms).slice(0, 16).replace('T', ' ')} UTC`;
