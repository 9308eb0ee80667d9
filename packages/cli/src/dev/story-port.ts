import { freePort } from '../serve/free-port.ts';

/** Where client commands look for a server. */
export const usualPort = 7070;

/** Where the Zekt of a story listens: where client commands look for it, unless somebody else is there or nobody is to look. */
export const storyPort = async ({
  port,
  once,
}: {
  readonly port: number | undefined;
  readonly once: boolean;
}): Promise<number> => port ?? (once ? 0 : freePort('127.0.0.1', usualPort));
