/**
 * One visit of a page: the session its cookie belongs to, and whether the page may be seen and the form be taken. Every
 * page but the few named here needs a session, and every form of a session its secret.
 */
import type { Context, MiddlewareHandler } from 'hono';
import type { Visitor } from './layout.js';
import { isSame, type Session, type Sessions } from './sessions.js';

export interface HubEnv {
  Bindings: { readonly address: string; readonly requestId: string };
  Variables: {
    session: Session | undefined;
    /** The same for the frame of a page. */
    visitor: Visitor | undefined;
    form: URLSearchParams;
  };
}

export type Visiting = Context<HubEnv>;

/** Pages anybody may see who reaches the port. */
const isPublic = (path: string): boolean =>
  ['/', '/hub', '/hub/guide.html', '/hub/sign-in', '/hub/sign-in/provider', '/hub/sign-in/callback'].includes(path) ||
  path.startsWith('/hub/assets/');

/** Forms that open a session instead of needing one; what they hold is secret itself. */
const opensSession = (path: string): boolean => path === '/hub/sign-in';

/** What a page asks as long as it is open, whether or not somebody sits there. */
const asksByItself = (path: string): boolean => path === '/hub/approvals/open';

export interface GuardingParts {
  readonly sessions: Sessions;
  /** How many questions wait for an approval. */
  readonly waiting: () => Promise<number>;
  readonly signInFirst: (c: Visiting) => Response | Promise<Response>;
  readonly staleForm: (c: Visiting) => Response | Promise<Response>;
}

export const guarding =
  ({ sessions, waiting, signInFirst, staleForm }: GuardingParts): MiddlewareHandler<HubEnv> =>
  async (c, next) => {
    const { method, path } = c.req;
    if (path.startsWith('/hub/assets/')) return next();
    const session = sessions.find(cookieOf(c, sessionCookie(c)) ?? '', !asksByItself(path));
    c.set('session', session);
    c.set('form', new URLSearchParams(method === 'POST' ? await c.req.text() : ''));
    if (session === undefined) return (method === 'POST' ? opensSession : isPublic)(path) ? next() : signInFirst(c);
    const { operator, csrf } = session;
    c.set('visitor', { name: operator.name, csrf, waiting: await waiting() });
    if (method === 'POST' && !opensSession(path) && !isSame(c.get('form').get('csrf') ?? '', csrf)) return staleForm(c);
    return next();
  };

/** Of a page that only who is signed in gets to. */
export function sessionOf(c: Visiting): Session {
  const session = c.get('session');
  if (session === undefined) throw new Error('This page needs a session and was reached without one.');
  return session;
}

/** Cookies do not know ports: two hubs on one machine must not sign each other out. */
export const sessionCookie = (c: Visiting): string => nameOf(c, 'hub');

export const signInCookie = (c: Visiting): string => nameOf(c, 'hub-sign-in');

function nameOf(c: Visiting, name: string): string {
  const { protocol, port } = new URL(c.req.url);
  return `${protocol === 'https:' ? '__Host-' : ''}${name}${port && `-${port}`}`;
}

export function cookieOf(c: Visiting, name: string): string | undefined {
  const found = (c.req.header('cookie') ?? '').split(';').map((each) => each.trim().split('='));
  const values = found.filter(([key]) => key === name).map(([, value]) => value);
  // Two of one name: one was put there by somebody else.
  return values.length === 1 ? values[0] : undefined;
}

/** `sameSite`: `Lax` where it has to come along when another site sends the browser here. */
export function setCookie(
  c: Visiting,
  name: string,
  value: string,
  sameSite: 'Strict' | 'Lax',
  seconds?: number,
): void {
  const isSecure = new URL(c.req.url).protocol === 'https:';
  // A prefix of the name makes browsers insist on the path and on TLS.
  const where = isSecure ? 'Path=/; Secure' : 'Path=/hub';
  const age = seconds === undefined ? '' : `; Max-Age=${seconds}`;
  c.header('set-cookie', `${name}=${value}; ${where}; HttpOnly; SameSite=${sameSite}${age}`, { append: true });
}
