/**
 * Linking accounts: credentials are tried for real before they are stored, and no page ever shows a secret again, not even
 * the one that was just refused. One is tried at a time. Whoever links, unlinks or is refused is in the log, at the level
 * the hub's own command shows.
 */
import type { Hono } from 'hono';
import { ActionError } from '../core/errors.js';
import { explain } from '../core/explain.js';
import { createRedactor } from '../core/redact.js';
import { splitScopes } from '../core/scopes.js';
import { accountHostOf, parseCloud, parseHostName, resolveHost } from '../databricks/hosts.js';
import { createThrottle } from '../http/throttle.js';
import type { AccountBook, LinkedAccount, Removed, Saved, SecretPlace } from '../link/accounts.js';
import type { Trial, tryAccount } from '../link/trial.js';
import type { Log } from '../log.js';
import { html } from './layout.js';
import { type Answers, emptyAnswers, type Problem, secretPlaces } from './linking.js';
import { AccountPage, UnlinkPage } from './pages/account.js';
import { AccountsPage } from './pages/accounts.js';
import { type HubEnv, sessionOf, type Visiting } from './visit.js';

export interface AccountParts {
  readonly book: AccountBook;
  readonly configFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tryAccount: typeof tryAccount;
}

export interface AccountPageParts extends AccountParts {
  readonly log: Log;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Sign-ins at Databricks: a person tries a few times, a program would try on. */
const pace = { rate: 1 / 6, burst: 8, calls: 1, streams: 0 };

export function addAccounts(app: Hono<HubEnv>, parts: AccountPageParts): void {
  const { book, env, log } = parts;
  const throttle = createThrottle(pace, parts.now);
  /** What the last try of each account showed, for the page that comes after it. */
  const trials = new Map<string, { readonly trial: Trial; readonly saved?: Saved }>();
  const removals = new Map<string, Removed>();

  /** Undefined where another is being tried. */
  const attempt = async (try_: () => Promise<Trial>): Promise<Trial | undefined> => {
    const admission = await throttle.enter('all', 1, 'call');
    if ('refused' in admission) return undefined;
    return try_().finally(() => admission.leave());
  };

  const find = async (name: string): Promise<LinkedAccount | undefined> =>
    (await book.list()).find((each) => each.name === name);

  const list = async (c: Visiting, answers: Answers, problem?: Problem, status: 200 | 422 | 429 = 200) => {
    const removed = removals.get(c.req.query('unlinked') ?? '');
    const accounts = await book.list();
    const props = { accounts, answers, problem, removed, visitor: c.get('visitor'), csrf: sessionOf(c).csrf };
    return c.html(html(<AccountsPage {...props} configFile={parts.configFile} />), status);
  };

  const one = async (c: Visiting, account: LinkedAccount, problem?: string, status: 200 | 429 = 200) => {
    const props = { account, problem, visitor: c.get('visitor'), csrf: sessionOf(c).csrf };
    return c.html(html(<AccountPage {...props} {...trials.get(account.name)} />), status);
  };

  app.get('/hub/accounts', (c) => list(c, { ...emptyAnswers, scopes: c.req.query('scopes') ?? '' }));

  app.post('/hub/accounts', async (c) => {
    const answers = answersIn(c.get('form'));
    const secret = (c.get('form').get('client_secret') ?? '').trim();
    const logged = { request_id: c.env.requestId, by: sessionOf(c).operator.id, profile: answers.name.slice(0, 64) };
    const refuse = (shown: Answers, problem: Problem, kind = problem.kind ?? 'form') => {
      log.warn('hub_account_refused', { ...logged, kind });
      return list(c, shown, problem, problem === busy ? 429 : 422);
    };
    const found = hostOf(answers, env);
    if ('refused' in found) {
      // It may carry a password.
      const shown = { ...answers, host: answers.host.includes('@') ? '' : answers.host };
      return refuse(shown, { kind: 'wrong_host', field: 'host', message: found.refused, next: found.hint });
    }
    if (secret === '') {
      const next = 'It is shown once when it is made. Make a new one if you do not have it any more.';
      return refuse(answers, { field: 'client_secret', message: 'The client secret is missing.', next });
    }
    if (!answers.replace && (await find(answers.name)) !== undefined) {
      return refuse(answers, { ...taken, canReplace: true });
    }
    const scopes = splitScopes(answers.scopes);
    const accountId = answers.accountId || found.accountId || '';
    const { clientId } = answers;
    const flags = { host: found.origin, accountId, clientId, ...(scopes.length > 0 && { scopes: scopes.join(' ') }) };
    const trial = await attempt(() => parts.tryAccount(flags, secret, { env, signal: c.req.raw.signal }));
    if (trial === undefined) return refuse(answers, busy, 'busy');
    if (trial.problem !== undefined && !(trial.signedIn && answers.despite)) {
      return refuse(answers, { ...trial.problem, trial, canDespite: trial.signedIn });
    }
    try {
      const account = { name: answers.name, host: found.origin, accountId, clientId, scopes };
      const saved = await book.save(account, { value: secret, place: answers.place }, { replace: answers.replace });
      trials.set(answers.name, { trial, saved });
      log.warn('hub_account_linked', { ...logged, ...(trial.problem && { despite: trial.problem.kind }) });
      return c.redirect(pathOf(answers.name), 303);
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      return refuse(answers, { ...explain(error.failure), trial, canReplace: true }, error.failure.kind);
    }
  });

  const named =
    (serve: (c: Visiting, account: LinkedAccount) => Response | Promise<Response>) => async (c: Visiting) => {
      const account = await find(c.req.param('name') ?? '');
      return account === undefined ? c.notFound() : serve(c, account);
    };

  app.get('/hub/accounts/:name', named(one));

  app.post(
    '/hub/accounts/:name/test',
    named(async (c, account) => {
      const flags = { profile: account.name, configFile: parts.configFile };
      const trial = await attempt(() => parts.tryAccount(flags, undefined, { env, signal: c.req.raw.signal }));
      if (trial === undefined) return one(c, account, `${busy.message} ${busy.next}`, 429);
      trials.set(account.name, { trial });
      return c.redirect(pathOf(account.name), 303);
    }),
  );

  app.get(
    '/hub/accounts/:name/unlink',
    named((c, account) => {
      const props = { account, visitor: c.get('visitor'), csrf: sessionOf(c).csrf };
      return c.html(html(<UnlinkPage {...props} configFile={parts.configFile} />));
    }),
  );

  app.post(
    '/hub/accounts/:name/unlink',
    named(async (c, { name }) => {
      removals.clear();
      removals.set(name, await book.remove(name));
      trials.delete(name);
      log.warn('hub_account_unlinked', { request_id: c.env.requestId, by: sessionOf(c).operator.id, profile: name });
      return c.redirect(`/hub/accounts?unlinked=${encodeURIComponent(name)}`, 303);
    }),
  );
}

export const pathOf = (name: string): string => `/hub/accounts/${encodeURIComponent(name)}`;

const busy = {
  message: 'Another account is being tried just now, or too many were tried.',
  next: 'Wait a few seconds, then send the form again.',
};

const taken = {
  field: 'name' as const,
  message: 'A profile of this name is there already.',
  next: 'Choose another name, or replace it.',
};

const { scrub } = createRedactor();

/** Everything of the form but the secret; what looks like one in the wrong field is left out as well. */
function answersIn(form: URLSearchParams): Answers {
  const text = (name: string) => {
    const given = (form.get(name) ?? '').trim();
    return scrub(given) === given ? given : '';
  };
  const place = secretPlaces.find(({ id }) => id === form.get('place'))?.id;
  return {
    name: text('name'),
    cloud: parseCloud(text('cloud')) ?? 'aws',
    host: text('host'),
    accountId: idIn(text('account_id')),
    clientId: text('client_id'),
    scopes: text('scopes'),
    place: (place ?? 'file') satisfies SecretPlace,
    replace: form.has('replace'),
    despite: form.has('despite'),
  };
}

/** The address of the console does, too. */
const idIn = (text: string): string => /[?&]account_id=([0-9a-f-]{36})/i.exec(text)?.[1]?.toLowerCase() ?? text;

/** Which hosts get credentials is decided where it always is. */
function hostOf({ host, cloud }: Answers, env: AccountParts['env']) {
  const allowed = (env.DATABRICKS_MCP_ALLOWED_HOSTS ?? '')
    .split(',')
    .flatMap((name) => parseHostName(name.trim()) ?? []);
  return resolveHost(host === '' ? accountHostOf(cloud) : host, new Set(allowed));
}
