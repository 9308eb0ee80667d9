import { limits } from '@zekt/contracts';
import { ZektError } from '../errors.ts';

/** The wire's own limit: 512 KB of payload, as UTF-8 bytes of its JSON. */
export const maxPayloadBytes = limits.payload.value;
/** GitHub takes 65,535 characters or bytes of `client_payload`, its documents differ; this stays under both. */
export const maxDispatchBytes = 65_000;
/** Room for `run` and `_zekt` beside the payload: names, URL and ids at their longest. */
export const envelopeBytes = 4_000;
export const maxPayloadDepth = limits.payloadDepth.value;

/**
 * @returns the payload as JSON text
 * @throws ZektError `payload_too_large`, `payload_too_large_for_dispatch` or `payload_too_deep`, each with size and limit
 */
export function checkedPayload(payload: unknown): string {
  refuseDeep(payload);
  const json = JSON.stringify(payload);
  const bytes = Buffer.byteLength(json);
  if (bytes > maxPayloadBytes) {
    throw new ZektError(
      'payload_too_large',
      `Payload exceeds 512 KB limit: it has ${bytes} bytes, the limit is ${maxPayloadBytes}.`,
    );
  }
  const limit = maxDispatchBytes - envelopeBytes;
  if (bytes > limit) {
    throw new ZektError(
      'payload_too_large_for_dispatch',
      `The payload has ${bytes} bytes; GitHub's repository_dispatch carries at most ${limit} beside the run's data. Send a link to the data instead.`,
    );
  }
  return json;
}

/** @throws ZektError `payload_too_deep` */
export function refuseDeep(payload: unknown): void {
  if (isDeeperThan(payload, maxPayloadDepth))
    throw new ZektError(
      'payload_too_deep',
      `The payload is nested more than ${maxPayloadDepth} levels deep. Flatten it, or send it as a string.`,
    );
}

function isDeeperThan(value: unknown, levels: number): boolean {
  let layer: unknown[] = [value];
  for (let depth = 0; depth <= levels; depth += 1) {
    layer = layer.flatMap((it): unknown[] => (typeof it === 'object' && it !== null ? Object.values(it) : []));
    if (layer.length === 0) return false;
  }
  return true;
}
