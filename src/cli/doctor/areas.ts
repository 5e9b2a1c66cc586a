/** What `doctor` finds in each area of the account: whether it is open here, and whether one small read of it works. */
import type { Action } from '../../../tools/index.js';
import type { App } from '../../app.js';
import { ActionError, type Failure } from '../../core/errors.js';
import { leastScopes } from '../../core/scopes.js';
import { failureOf, type Opened, opened, probes } from '../../link/probes.js';
import { failing, said } from './failing.js';
import { type Finding, fail, ok, skip, warn } from './finding.js';

export interface Look {
  readonly finding: Finding;
  /** What came of the read, where there was one. */
  readonly read?: 'allowed' | 'forbidden' | 'failed';
}

/** No read of an area is waited for longer than so many milliseconds. */
const patience = 15_000;

const needsRole = 'Give it the Account admin role: account console, User management, Service principals, Roles.';

export const lookAtAreas = (app: App, signal: AbortSignal): Promise<Look[]> =>
  Promise.all(opened(app).map((area) => lookAt(area, app, signal)));

async function lookAt({ id, title, all, open, off }: Opened, app: App, signal: AbortSignal): Promise<Look> {
  const unread = (message: string) => ({ finding: skip(id, `${title}: ${message}`) });
  if (off === 'cloud') return unread(`${app.configuration.cloud} does not have it`);
  // What the operator switched off is no matter of scopes.
  if (off === 'policy') return unread('switched off by the policy');
  if (open.length === 0) return unread(`closed, needs ${named(leastScopes(all))}`);
  const what = `${title}: ${open.length === all.length ? 'open' : 'open in part'}`;
  const probe = probes.find(({ area }) => area === id);
  const action = open.find((each) => each.id === probe?.id);
  if (probe === undefined || action === undefined) {
    return { finding: ok(id, `${what}, not read: what lists it is closed`) };
  }
  return verdict(what, id, action, await readOnce(app, action, probe.input, signal));
}

const named = (scopes: readonly string[]) => `the scope${scopes.length === 1 ? '' : 's'} ${scopes.join(', ')}`;

async function readOnce({ executor }: App, action: Action, input: object, signal: AbortSignal) {
  const late = AbortSignal.timeout(patience);
  try {
    return await failureOf(executor.execute(action, input, { signal: AbortSignal.any([signal, late]) }));
  } catch (error) {
    if (!(error instanceof ActionError) || !late.aborted || signal.aborted) throw error;
    return { ...error.failure, kind: 'timeout', message: 'The read took too long.', retryable: true } as const;
  }
}

function verdict(opened: string, id: string, action: Action, failure: Failure | undefined): Look {
  if (failure === undefined) return { finding: ok(id, `${opened}, reading works`), read: 'allowed' };
  if (failure.kind === 'forbidden') {
    return { finding: warn(id, `${opened}, but reading is forbidden${said(failure)}`, needsRole), read: 'forbidden' };
  }
  const { message, fix = '', kind } = failing(id, failure, action);
  return { finding: fail(id, `${opened}, but reading fails: ${message}`, fix, kind), read: 'failed' };
}

/** Reads tell whether the service principal is an admin; whether it may change things would show only in a change. */
export function roleOf(looks: readonly Look[]): Finding {
  const outcomes = looks.flatMap(({ read }) => read ?? []);
  const forbidden = outcomes.filter((read) => read === 'forbidden').length;
  const allowed = outcomes.filter((read) => read === 'allowed').length;
  if (forbidden > 0 && allowed === 0) {
    return fail('role', 'The service principal is signed in but not allowed to read anything.', needsRole, 'forbidden');
  }
  if (forbidden > 0) return warn('role', 'Some areas may not be read: it is probably no account admin.', needsRole);
  if (allowed > 0) return ok('role', 'reads work; whether it may change things is not checked');
  if (outcomes.length > 0) return skip('role', 'not known: no read was answered');
  return warn('role', 'Not checked: no list is open.', 'Give the service principal the Account admin role.');
}
