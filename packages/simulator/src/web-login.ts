import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { AuthorizationCodes, type OAuthClient } from './authorization-codes.ts';
import { userJson } from './representations.ts';
import { signInPage } from './sign-in-page.ts';
import type { User, World } from './world.ts';

/** GitHub's web flow for the user tokens of an App, and who such a token is of. */
export function webLogin(world: World, client: OAuthClient): Hono {
  const app = new Hono();
  const codes = new AuthorizationCodes<User>();
  const tokens = new Map<string, User>();
  const queryOf = (url: string): URLSearchParams => new URL(url).searchParams;

  app.get('/login/oauth/authorize', (context) => {
    const logins = world.users.map(({ login }) => login);
    return context.html(signInPage('Sign in to GitHub', '/login/oauth/authorize/as', queryOf(context.req.url), logins));
  });
  app.get('/login/oauth/authorize/as', (context) => {
    const query = queryOf(context.req.url);
    return context.redirect(codes.grant(query, world.user(query.get('as') ?? '')), 302);
  });
  app.post('/login/oauth/access_token', async (context) => {
    const redeemed = codes.redeem(new URLSearchParams(await context.req.text()), client);
    // GitHub tells of errors with 200.
    if (!redeemed)
      return context.json({
        error: 'bad_verification_code',
        error_description: 'The code passed is incorrect or expired.',
      });
    const token = `ghu_${randomBytes(30).toString('base64url')}`;
    tokens.set(token, redeemed.person);
    return context.json({ access_token: token, expires_in: 28_800, token_type: 'bearer', scope: '' });
  });
  app.get('/user', (context) => {
    const user = tokens.get((context.req.header('authorization') ?? '').replace(/^(bearer|token) +/i, ''));
    return user ? context.json(userJson(user)) : context.json({ message: 'Bad credentials' }, 401);
  });
  return app;
}
