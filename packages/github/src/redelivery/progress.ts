/** How far the list of webhook deliveries was looked at. JSON; kept by the caller between calls, and given back unchanged. */
export interface RedeliveryProgress {
  /** The newest `delivered_at` (ms): all that came before was looked at, but for the gaps. */
  readonly throughMs: number;
  /** What is still to be looked at, newest first. */
  readonly gaps: readonly Gap[];
  /** Webhooks that failed, by GUID, and what became of them: while it matters. */
  readonly misses: Readonly<Record<string, Miss>>;
}

/** A stretch of the list. GitHub gives it newest first, so looking at it begins at its newer end. */
export interface Gap {
  /** GitHub's own, for the page at the newer end. */
  readonly cursor: string;
  /** From this `delivered_at` (ms), the oldest that was looked at above it. */
  readonly fromMs: number;
  /** Down to this `delivered_at` (ms). */
  readonly untilMs: number;
}

export interface Miss {
  /** Decimal id of the newest attempt. */
  readonly id: string;
  /** `delivered_at` of the oldest attempt that was seen (ms), 0 where the first one was not. */
  readonly firstMs: number;
  /** `delivered_at` of the newest attempt that was seen (ms). */
  readonly lastMs: number;
  /** How often the receiver refused it (4xx). */
  readonly refusals: number;
  /** When it was asked for, since its last attempt failed (ms). */
  readonly askedAtMs: number | null;
  /** `gone`: GitHub does not have it any more. */
  readonly state: 'open' | 'arrived' | 'gone';
}

/** GitHub keeps webhook deliveries for three days. */
export const keptMs = 3 * 86_400_000;
/** An attempt is listed when it is over, at most 30 s after its time; so the last of what was looked at is looked at again. */
export const overlapMs = 2 * 60_000;
