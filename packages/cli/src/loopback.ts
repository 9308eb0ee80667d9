/** Whether a host of a URL is this machine and no other (RFC 1122, section 3.2.1.3; RFC 6761, section 6.3). */
export const isLoopback = (hostname: string): boolean =>
  /^127(?:\.\d{1,3}){3}$/.test(hostname) || hostname === 'localhost' || hostname === '[::1]';
