/** Thrown in a hook: the call that Zekt asked about ends with this, where the target has `interruptOnError`. */
export class ForwardedError extends Error {
  override readonly name = 'ForwardedError';
  readonly status: number;

  /**
   * @param status 400 to 499
   * @param message for who called Zekt
   * @throws RangeError for another status: Zekt would answer 400 instead
   */
  constructor(status: number, message: string) {
    super(message);
    if (!Number.isInteger(status) || status < 400 || status > 499)
      throw new RangeError(`a status of 400 to 499 can be forwarded, not ${status}`);
    this.status = status;
  }
}

/** Ends the hook, and with it what it was asked about. @throws ForwardedError always */
export function forwardError(status: number, message: string): never {
  throw new ForwardedError(status, message);
}
