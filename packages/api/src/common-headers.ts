/** Every answer has them. */
export const commonHeaders = (requestId: string): [name: string, value: string][] => [
  ['cache-control', 'no-store'],
  ['x-content-type-options', 'nosniff'],
  ['x-request-id', requestId],
];
