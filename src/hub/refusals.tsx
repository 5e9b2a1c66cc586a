/** What a visitor reads whose request is not served: not signed in, an old form, nothing there, an error. */
import type { Hono } from 'hono';
import { ActionError } from '../core/errors.js';
import { explain } from '../core/explain.js';
import type { Log } from '../log.js';
import { hereWithin, pathWithin } from './next-page.js';
import { goingOn, telling } from './plain-pages.js';
import type { HubEnv, Visiting } from './visit.js';

/** Who follows a link on another site comes without the cookie the first time: from a page of ours it goes along. */
export function signInFirst(c: Visiting): Response | Promise<Response> {
  const { method, path } = c.req;
  if (method === 'POST') {
    const lost = <p>You are not signed in any more, so nothing was done. Sign in, then do it again.</p>;
    return c.html(telling({ title: 'Sign in first', path, children: lost }), 403);
  }
  if (c.req.header('sec-fetch-site') === 'cross-site') return c.html(goingOn(hereWithin(c.req.url)));
  const next = pathWithin(path);
  return c.redirect(next === '/hub' ? '/hub/sign-in' : `/hub/sign-in?next=${next}`, 303);
}

export function staleForm(c: Visiting): Response | Promise<Response> {
  const old = <p>This form is from another session, so nothing was done. Load its page again, then send it again.</p>;
  return c.html(telling({ title: 'Old form', path: c.req.path, visitor: c.get('visitor'), children: old }), 403);
}

export function addRefusals(app: Hono<HubEnv>, log: Log): void {
  app.notFound((c) => {
    const children = (
      <p>
        There is no such page. <a href="/hub">Go to the guide</a>
      </p>
    );
    return c.html(telling({ title: 'Not found', path: c.req.path, visitor: c.get('visitor'), children }), 404);
  });
  app.onError((error, c) => {
    const isOurs = error instanceof ActionError;
    const { requestId } = c.env;
    if (!isOurs) log.error('bug', { request_id: requestId, error: error.stack ?? String(error) });
    const { message, next } = isOurs
      ? explain(error.failure)
      : { message: 'The hub failed on an error of its own.', next: `It is in the log of the server, as ${requestId}.` };
    const children = (
      <p>
        {message} {next}
      </p>
    );
    const page = telling({ title: 'That did not work', path: c.req.path, visitor: c.get('visitor'), children });
    return c.html(page, isOurs ? 400 : 500);
  });
}
