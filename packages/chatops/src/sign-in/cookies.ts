export type CookieName = 'session' | 'sign-in';

/** `__Host-` binds a cookie to this very host, and browsers take it over https only; http is for loopback. */
const fullName = (publicUrl: string, name: CookieName): string =>
  publicUrl.startsWith('https:') ? `__Host-zekt-${name}` : `zekt-${name}`;

export function readCookie(request: Request, publicUrl: string, name: CookieName): string | null {
  const wanted = fullName(publicUrl, name);
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const [key = '', ...value] = pair.trim().split('=');
    if (key === wanted) return value.join('=');
  }
  return null;
}

/** The value of a `Set-Cookie` header. `maxAgeSeconds` 0 removes the cookie. */
export function setCookie(publicUrl: string, name: CookieName, value: string, maxAgeSeconds: number): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${fullName(publicUrl, name)}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`;
}
