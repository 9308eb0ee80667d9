/**
 * The path of a request target (RFC 9112, section 3.2.1) without its query. Slashes that follow each other count as one: published
 * clients join a base URL that ends in a slash with a path that begins with one.
 */
export function pathOfTarget(target: string): string {
  const end = target.search(/[?#]/);
  return (end < 0 ? target : target.slice(0, end)).replace(/\/{2,}/g, '/');
}

export const pathOf = ({ url }: Request): string => pathOfTarget(url.slice(url.indexOf('/', url.indexOf('://') + 3)));
