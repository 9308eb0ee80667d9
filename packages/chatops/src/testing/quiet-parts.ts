import { silentLog } from '@zekt/core';
import type { ApprovalsContext } from '../approval/approvals-context.ts';
import { SigningKeys } from '../approval/signing-keys.ts';

/** What approvals need beside a store, a clock and people, where a test does not look at it. */
export const quietParts = {
  keys: new SigningKeys([{ id: 'k', secret: new Uint8Array(32) }]),
  secrets: {
    get: async () => null,
    set: async () => undefined,
    remove: async () => undefined,
    names: async () => [],
  },
  post: async () => ({ status: 200, headers: {}, text: '' }),
  publicUrl: () => 'https://zekt.example',
  log: silentLog,
  count: () => undefined,
  random: () => 0.5,
} satisfies Partial<ApprovalsContext>;
