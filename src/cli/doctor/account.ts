/** What `doctor` says of the account itself: whether it answers, signs in, opens enough and lets us in. */
import type { Action } from '../../../tools/index.js';
import type { App } from '../../app.js';
import type { Failure } from '../../core/errors.js';
import { explain } from '../../core/explain.js';
import { leastScopes } from '../../core/scopes.js';
import { missingScopes, type Opened, opened, probeRole, probeSignIn } from '../../link/probes.js';
import { plain } from '../terminal.js';
import { type Finding, fail, ok, warn } from './finding.js';

export async function checkAccount(app: App, signal: AbortSignal): Promise<Finding[]> {
  if (app.configuration.connection === undefined) return [];
  const refusal = await probeSignIn(app, signal);
  if (refusal !== undefined) return [...checkReach(refusal), checkSignIn(refusal)];
  return [
    ok('reach', 'the host answers'),
    ok('sign-in', 'signed in'),
    ...checkScopes(app),
    await checkRole(app, signal),
  ];
}

/** An HTTP status means that somebody answered. */
function checkReach({ status, kind }: Failure): Finding[] {
  return status !== undefined && kind === 'sign_in' ? [ok('reach', 'the host answers')] : [];
}

function checkSignIn(failure: Failure): Finding {
  const noAnswer = failure.kind === 'network' || failure.kind === 'timeout';
  if (!noAnswer) return failing('sign-in', failure);
  const next = failure.next ?? 'Check the host, the network of this machine and HTTPS_PROXY.';
  return failing('reach', { ...failure, next });
}

function checkScopes(app: App): Finding[] {
  const missing = missingScopes(app);
  // What the operator switched off is no matter of scopes.
  const here = opened(app);
  const titles = (list: readonly Opened[]) => list.map(({ title }) => title).join(', ');
  const whole = here.filter(({ all, open }) => all.length > 0 && open.length === all.length);
  const part = here.filter(({ all, open }) => open.length > 0 && open.length < all.length);
  const closed = here.filter(({ all, open }) => all.length > 0 && open.length === 0);
  return [
    ok('granted', app.access.scopes.join(' ')),
    ...(missing.length > 0
      ? [warn('granted', `Asked for, but not granted: ${missing.join(' ')}.`, 'Make a secret bound to these too.')]
      : []),
    ...(whole.length > 0 ? [ok('opens', titles(whole))] : []),
    ...(part.length > 0 ? [ok('opens', `some of ${titles(part)}`)] : []),
    ...(closed.length > 0
      ? [ok('closed', closed.map(({ title, all }) => `${title} (${leastScopes(all).join(' ')})`).join(', '))]
      : []),
    ...(whole.length + part.length === 0
      ? [
          fail(
            'opens',
            'These scopes open no action.',
            'Ask for a scope `actions --scopes-for` names.',
            'not_available',
          ),
        ]
      : []),
  ];
}

async function checkRole(app: App, signal: AbortSignal): Promise<Finding> {
  const verdict = await probeRole(app, signal);
  if (verdict.role === 'unknown') {
    return warn('role', 'Not checked: no list is open.', 'Give the service principal the Account admin role.');
  }
  const { id } = verdict.action;
  if (verdict.role === 'reads') return ok('role', `reads work (${id}); whether it may change things is not checked`);
  if (verdict.role === 'failed') return failing('role', verdict.failure, verdict.action);
  const message = `The service principal is signed in but not allowed to read (${id}${said(verdict.failure)}).`;
  const fix = 'Give it the Account admin role: account console, User management, Service principals, Roles.';
  return fail('role', message, fix, 'forbidden');
}

function failing(check: string, failure: Failure, action?: Action): Finding {
  const { message, next } = explain(failure, action);
  const code = failure.code === undefined ? '' : ` (${plain(failure.code)})`;
  return fail(check, `${message}${code}${said(failure)}`, next, failure.kind);
}

const said = ({ upstreamMessage }: Failure) =>
  upstreamMessage === undefined ? '' : `, Databricks said ${JSON.stringify(plain(upstreamMessage))}`;
