import { ZektError } from '@zekt/core';
import type { WithHeaders } from './with-headers.ts';

/** Told of every piece of a body before it is kept. Throws ZektError `body_too_large` when it becomes too much. */
export type CountBytes = (size: number) => void;

/**
 * The one place that decides how much of a body is read. Every door asks it before it reads, and for every piece.
 *
 * @throws ZektError `body_too_large`, found out from the header where there is one, before anything is read
 */
export function limitBody({ headers }: WithHeaders, maxBytes: number): CountBytes {
  const tooLarge = (size: string): ZektError =>
    new ZektError('body_too_large', `The body has ${size} bytes; at most ${maxBytes} are read here.`);
  const announced = headers.get('content-length');
  if (announced !== null && Number(announced) > maxBytes) throw tooLarge(announced);
  let total = 0;
  return (size) => {
    total += size;
    if (total > maxBytes) throw tooLarge(`more than ${maxBytes}`);
  };
}
