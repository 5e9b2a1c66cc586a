/** What `doctor` learns from the account itself: whether it answers, signs in, opens enough and lets us in. */
import { type Action, areas } from '../../../tools/index.js';
import type { App } from '../../app.js';
import { ActionError, type Failure } from '../../core/errors.js';
import { explain } from '../../core/explain.js';
import { leastScopes, onCloud } from '../../core/scopes.js';
import { plain } from '../terminal.js';
import { type Finding, fail, ok, warn } from './finding.js';

export async function checkAccount(app: App, signal: AbortSignal): Promise<Finding[]> {
  if (app.configuration.connection === undefined) return [];
  const refusal = await failureOf(app.signIn(signal));
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

function checkScopes({ access, configuration, policy }: App): Finding[] {
  const missing = configuration.scopes.filter((scope) => !access.scopes.includes(scope));
  const here = areas.map(({ title, actions }) => {
    // What the operator switched off is no matter of scopes.
    const all = actions.filter((action) => onCloud(configuration.cloud, action) && policy.isOn(action));
    return { title, all, open: all.filter((action) => access.permitted.includes(action)) };
  });
  const titles = (list: typeof here) => list.map(({ title }) => title).join(', ');
  const whole = here.filter(({ all, open }) => all.length > 0 && open.length === all.length);
  const part = here.filter(({ all, open }) => open.length > 0 && open.length < all.length);
  const closed = here.filter(({ all, open }) => all.length > 0 && open.length === 0);
  return [
    ok('granted', access.scopes.join(' ')),
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

/** Small lists only account admins may read, the cheapest first. */
const probes: readonly { readonly id: Action['id']; readonly input: object }[] = [
  { id: 'databricks_list_groups', input: { count: 1, attributes: 'id' } },
  { id: 'databricks_list_workspaces', input: {} },
  { id: 'databricks_list_custom_app_integrations', input: { page_size: 1 } },
  { id: 'databricks_list_metastores', input: {} },
  { id: 'databricks_list_ip_access_lists', input: {} },
  { id: 'databricks_list_budgets', input: {} },
  { id: 'databricks_list_networks', input: {} },
];

async function checkRole({ access, executor }: App, signal: AbortSignal): Promise<Finding> {
  for (const { id, input } of probes) {
    const action = access.permitted.find((each) => each.id === id);
    if (action === undefined) continue;
    const failure = await failureOf(executor.execute(action, input, { signal }));
    if (failure === undefined) return ok('role', `reads work (${id}); whether it may change things is not checked`);
    if (failure.kind !== 'forbidden') return failing('role', failure, action);
    const message = `The service principal is signed in but not allowed to read (${id}${said(failure)}).`;
    const fix = 'Give it the Account admin role: account console, User management, Service principals, Roles.';
    return fail('role', message, fix, 'forbidden');
  }
  return warn('role', 'Not checked: no list is open.', 'Give the service principal the Account admin role.');
}

function failing(check: string, failure: Failure, action?: Action): Finding {
  const { message, next } = explain(failure, action);
  const code = failure.code === undefined ? '' : ` (${plain(failure.code)})`;
  return fail(check, `${message}${code}${said(failure)}`, next, failure.kind);
}

const said = ({ upstreamMessage }: Failure) =>
  upstreamMessage === undefined ? '' : `, Databricks said ${JSON.stringify(plain(upstreamMessage))}`;

async function failureOf(work: Promise<unknown>): Promise<Failure | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof ActionError && error.failure.kind !== 'cancelled') return error.failure;
    throw error;
  }
}
