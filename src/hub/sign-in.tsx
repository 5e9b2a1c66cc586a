/**
 * Signing in, by a link that works once or by the identity provider, and signing out. Opening a link changes nothing, as
 * programs open links, too: its page has a button, and that uses it.
 */
import type { Hono } from 'hono';
import { createThrottle } from '../http/throttle.js';
import type { Log } from '../log.js';
import { html, Layout } from './layout.js';
import type { SignInLinks } from './links.js';
import { pathWithin } from './next-page.js';
import { Code, Notice } from './parts.js';
import { goingOn } from './plain-pages.js';
import type { Provider } from './provider.js';
import type { Operator, Sessions } from './sessions.js';
import { cookieOf, type HubEnv, sessionCookie, setCookie, signInCookie, type Visiting } from './visit.js';

export interface SignInParts {
  readonly sessions: Sessions;
  readonly links: SignInLinks;
  /** Who comes by a link: the user this server runs as. */
  readonly owner: string;
  /** What prints a link, in a terminal on the server's machine. Whoever reaches the port reads it. */
  readonly command: () => string;
  readonly provider?: Provider | undefined;
  readonly log: Log;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Attempts of one address: a person makes two or three. */
const pace = { rate: 1 / 6, burst: 10, calls: 10, streams: 0 };

export function addSignIn(app: Hono<HubEnv>, parts: SignInParts): void {
  const { sessions, links, provider, log } = parts;
  const throttle = createThrottle(pace, parts.now);

  const page = (c: Visiting, status: 200 | 400 | 403 | 429 | 502, problem?: string) => {
    const token = c.req.method === 'GET' ? (c.req.query('token') ?? '') : '';
    const next = pathWithin(c.req.query('next'));
    const body = <SignInPage parts={parts} token={token} next={next} problem={problem} />;
    return c.html(html(body), status);
  };

  const refused = (c: Visiting, how: string, why: string) =>
    log.warn('hub_sign_in', { request_id: c.env.requestId, ok: false, how, why, address: c.env.address });

  /** Undefined where it may go on. */
  const tooOften = async (c: Visiting, how: string): Promise<Response | undefined> => {
    const admission = await throttle.enter(c.env.address, 1, 'none');
    if (!('refused' in admission)) return undefined;
    refused(c, how, 'rate');
    c.header('retry-after', String(admission.retryAfterSeconds));
    return page(c, 429, 'Too many attempts. Wait a moment, then try again.');
  };

  const open = (c: Visiting, operator: Operator, how: string) => {
    sessions.end(cookieOf(c, sessionCookie(c)) ?? '');
    setCookie(c, sessionCookie(c), sessions.open(operator), 'Strict');
    log.info('hub_sign_in', { request_id: c.env.requestId, ok: true, how, by: operator.id, address: c.env.address });
  };

  app.get('/hub/sign-in', (c) => page(c, 200));

  app.post('/hub/sign-in', async (c) => {
    const busy = await tooOften(c, 'link');
    if (busy !== undefined) return busy;
    if (!(await links.use(c.get('form').get('token') ?? ''))) {
      refused(c, 'link', 'no such link');
      return page(c, 403, 'This link was used already, or it is older than ten minutes.');
    }
    open(c, { id: 'local', name: parts.owner, isOwner: true }, 'link');
    return c.redirect('/hub', 303);
  });

  app.post('/hub/sign-out', (c) => {
    sessions.end(cookieOf(c, sessionCookie(c)) ?? '');
    setCookie(c, sessionCookie(c), '', 'Strict', 0);
    return c.redirect('/hub/sign-in', 303);
  });

  if (provider === undefined) return;

  app.get('/hub/sign-in/provider', async (c) => {
    const busy = await tooOften(c, 'provider');
    if (busy !== undefined) return busy;
    const next = pathWithin(c.req.query('next'));
    // The provider sends the browser back to one name of this server; the cookie has to be there.
    const here = new URL(c.req.url).origin;
    if (here !== provider.base()) return c.redirect(`${provider.base()}/hub/sign-in/provider?next=${next}`, 303);
    const begun = await provider.begin(next);
    if ('problem' in begun) {
      refused(c, 'provider', begun.problem);
      return page(c, 502, 'The identity provider cannot be reached. Try again in a moment; its problem is in the log.');
    }
    setCookie(c, signInCookie(c), begun.cookie, 'Lax', 600);
    return c.redirect(begun.to, 303);
  });

  app.get('/hub/sign-in/callback', async (c) => {
    const busy = await tooOften(c, 'provider');
    if (busy !== undefined) return busy;
    const cookie = cookieOf(c, signInCookie(c)) ?? '';
    setCookie(c, signInCookie(c), '', 'Lax', 0);
    const ended = await provider.end(new URL(c.req.url), cookie);
    if ('problem' in ended) {
      refused(c, 'provider', ended.problem);
      return page(c, 403, ended.told);
    }
    open(c, ended.operator, 'provider');
    // The browser still counts as coming from the provider: the new cookie does not go along with a redirect.
    return c.html(goingOn(ended.next));
  });
}

interface PageProps {
  parts: SignInParts;
  token: string;
  next: string;
  problem?: string | undefined;
}

const SignInPage = ({ parts: { provider, command }, token, next, problem }: PageProps) => (
  <Layout title="Sign in" path="/hub/sign-in">
    <h1>Sign in</h1>
    <div class="stack prose">
      {problem !== undefined && (
        <Notice tone="danger" role="alert">
          <p>{problem}</p>
        </Notice>
      )}
      {token !== '' ? <UseLink token={token} /> : <HowTo provider={provider} command={command()} next={next} />}
    </div>
  </Layout>
);

const UseLink = ({ token }: { token: string }) => (
  <form method="post" action="/hub/sign-in" class="stack">
    <p>This link signs you in once, as the user this server runs as.</p>
    <input type="hidden" name="token" value={token} />
    <p>
      <button type="submit" class="button is-primary">
        Sign in
      </button>
    </p>
  </form>
);

const HowTo = ({ provider, command, next }: { provider: Provider | undefined; command: string; next: string }) => (
  <>
    {provider !== undefined && (
      <p>
        <a class="button is-primary" href={`/hub/sign-in/provider?next=${next}`}>
          Sign in with {provider.name}
        </a>
      </p>
    )}
    <p>
      {provider === undefined ? 'You sign in' : 'Whoever runs this server can also sign in'} by a link that works once,
      for ten minutes. To have one printed, run this on the server’s machine, as the user it runs as:
    </p>
    <Code id="link-command" title="Link to sign in" wraps>
      {command}
    </Code>
  </>
);
