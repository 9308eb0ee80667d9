/** What to do about a destination that can't be sent to. */
export const fixOfProvider = (name: string): string =>
  `See the exact answer: zekt providers test ${name}. Then correct its address or its secret.`;
