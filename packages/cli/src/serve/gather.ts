/** Collects what one turn of the event loop brings, and sends it as one: a message between threads costs more than what is in it. */
export function gather<T>(send: (items: readonly T[]) => void): (item: T) => void {
  let gathered: T[] = [];
  const flush = (): void => {
    const items = gathered;
    gathered = [];
    send(items);
  };
  return (item) => {
    if (gathered.push(item) === 1) setImmediate(flush);
  };
}
