/** Works on a number of jobs, some at once; jobs a second. */
export async function rate(count: number, atOnce: number, work: (index: number) => Promise<void>): Promise<number> {
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let index = next++; index < count; index = next++) await work(index);
    }),
  );
  return (count / (performance.now() - started)) * 1000;
}
