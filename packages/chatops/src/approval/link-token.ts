import { randomBytes } from 'node:crypto';
import type { SigningKeys } from './signing-keys.ts';

export type LinkPurpose = 'approve' | 'reject' | 'view';

interface Payload {
  /** Approval id. */
  readonly a: string;
  readonly p: LinkPurpose;
  /** Expiry, seconds since the epoch. */
  readonly e: number;
  /** Key id. */
  readonly k: string;
  /** 128 bits, so that no two tokens are alike. */
  readonly n: string;
}

/**
 * A token for one purpose at one approval, to be put into a link: base64url(payload) "." base64url(HMAC-SHA-256). It is no proof of who
 * follows the link: anyone who sees the card has it. It is kept nowhere.
 */
export function makeLinkToken(
  keys: SigningKeys,
  approvalId: string,
  purpose: LinkPurpose,
  expiresAtMs: number,
): string {
  const { keyId } = keys.sign('links', '');
  const content: Payload = {
    a: approvalId,
    p: purpose,
    e: Math.floor(expiresAtMs / 1000),
    k: keyId,
    n: randomBytes(16).toString('base64url'),
  };
  const text = Buffer.from(JSON.stringify(content)).toString('base64url');
  return `${text}.${keys.sign('links', text).mac.toString('base64url')}`;
}

/** `expired`: genuine, but its time is over. */
export function checkLinkToken(
  keys: SigningKeys,
  token: string | null,
  approvalId: string,
  purpose: LinkPurpose,
  nowMs: number,
): 'valid' | 'expired' | 'invalid' {
  const [text = '', mac = '', ...rest] = (token ?? '').slice(0, 1000).split('.');
  if (text === '' || mac === '' || rest.length > 0) return 'invalid';
  const content = read(text);
  const given = Buffer.from(mac, 'base64url');
  // Base64 has several spellings of the same bytes; only ours is taken.
  if (!content || given.toString('base64url') !== mac || !keys.isSigned('links', content.k, text, given))
    return 'invalid';
  if (content.a !== approvalId || content.p !== purpose) return 'invalid';
  return content.e * 1000 > nowMs ? 'valid' : 'expired';
}

function read(text: string): Payload | null {
  try {
    const value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Partial<Payload> | null;
    return typeof value?.a === 'string' && typeof value.k === 'string' && typeof value.e === 'number' && value.p
      ? (value as Payload)
      : null;
  } catch {
    return null;
  }
}
