import type { PhysicalPartition } from './physical-partitions.ts';

const secondMs = 1000;

/** How long to wait for request units of a physical partition; null: it has some. The first request beyond them still gets through. */
export function waitForUnits(
  { spent }: PhysicalPartition,
  unitsPerSecond: number | null,
  nowMs: number,
): number | null {
  if (unitsPerSecond === null || spent.second !== Math.floor(nowMs / secondMs)) return null;
  return spent.units < unitsPerSecond ? null : secondMs - (nowMs % secondMs);
}

export function spend(place: PhysicalPartition, units: number, nowMs: number): void {
  const second = Math.floor(nowMs / secondMs);
  place.spent = { second, units: units + (place.spent.second === second ? place.spent.units : 0) };
}
