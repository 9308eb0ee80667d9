import { expect, test } from '@jest/globals';
import { listenError } from './listen-error.ts';

const systemError = (code: string): Error => Object.assign(new Error(`listen ${code}`), { code });

test.each([
  ['EADDRINUSE', 'Another program listens on port 80 of zekt.internal. Stop it, or set ZEKT_PORT to another port'],
  ['EACCES', 'This user may not listen on port 80. Set ZEKT_PORT to a port above 1023.'],
  ['EADDRNOTAVAIL', "'zekt.internal' is no address of this machine. Set ZEKT_HOST to one of its addresses"],
  ['ENOTFOUND', "No address was found for 'zekt.internal'. Set ZEKT_HOST to an address of this machine."],
])('%s is told with the setting that mends it, in a thread too', (code, sentence) => {
  const place = { host: 'zekt.internal', port: 80 };
  for (const error of [systemError(code), new Error('a thread ended', { cause: systemError(code) })])
    expect(listenError(error, place)).toMatchObject({ message: expect.stringContaining(sentence), cause: error });
});
