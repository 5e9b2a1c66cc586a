/** Small questions to an account that show whether it answers, signs in, opens enough and lets us in. Reads only. */
import { type Action, areas } from '../../tools/index.js';
import type { App } from '../app.js';
import { ActionError, type Failure } from '../core/errors.js';
import { everything, onCloud } from '../core/scopes.js';

/** What the grant opens of one service area. */
export interface Opened {
  readonly id: string;
  readonly title: string;
  readonly open: readonly Action[];
  /** Those of this cloud that the operator has not switched off. */
  readonly all: readonly Action[];
  /** Why there are none. */
  readonly off?: 'cloud' | 'policy';
}

export type RoleVerdict =
  | { readonly role: 'reads'; readonly action: Action }
  /** Signed in, but not allowed to read. */
  | { readonly role: 'refused'; readonly action: Action; readonly failure: Failure }
  | { readonly role: 'failed'; readonly action: Action; readonly failure: Failure }
  /** No list is open that only an account admin may read. */
  | { readonly role: 'unknown' };

/** Undefined when it signs in. */
export const probeSignIn = (app: App, signal?: AbortSignal): Promise<Failure | undefined> =>
  failureOf(app.signIn(signal));

export const opened = ({ access, configuration, policy }: App): Opened[] =>
  areas.map(({ id, title, actions }) => {
    const here = actions.filter((action) => onCloud(configuration.cloud, action));
    const all = here.filter((action) => policy.isOn(action));
    const open = all.filter((action) => access.isOpen(action));
    return { id, title, all, open, ...(all.length === 0 && { off: here.length === 0 ? 'cloud' : 'policy' }) };
  });

/** Scopes that were asked for and not granted. */
export const missingScopes = ({ access, configuration }: App): string[] =>
  access.scopes.includes(everything) ? [] : configuration.scopes.filter((scope) => !access.scopes.includes(scope));

/** The smallest read of each area, the cheapest first. Only account admins may read most of them. */
export const probes: readonly { readonly area: string; readonly id: Action['id']; readonly input: object }[] = [
  { area: 'groups', id: 'databricks_list_groups', input: { count: 1, attributes: 'id' } },
  { area: 'users', id: 'databricks_list_users', input: { count: 1, attributes: 'id' } },
  { area: 'service-principals', id: 'databricks_list_service_principals', input: { count: 1, attributes: 'id' } },
  { area: 'workspaces', id: 'databricks_list_workspaces', input: {} },
  { area: 'oauth-apps', id: 'databricks_list_custom_app_integrations', input: { page_size: 1 } },
  { area: 'metastores', id: 'databricks_list_metastores', input: {} },
  { area: 'ip-access-lists', id: 'databricks_list_ip_access_lists', input: {} },
  { area: 'billing', id: 'databricks_list_budgets', input: {} },
  { area: 'provisioning', id: 'databricks_list_networks', input: {} },
  { area: 'log-delivery', id: 'databricks_list_log_delivery_configs', input: {} },
  { area: 'unified', id: 'databricks_unified_list_users', input: { page_size: 1 } },
];

/** One read is enough to try an account: every list needs the same role. */
export async function probeRole(
  { access, action: actionOf, executor }: App,
  signal?: AbortSignal,
): Promise<RoleVerdict> {
  for (const { id, input } of probes) {
    const action = actionOf(id);
    if (action === undefined || !access.isOpen(action)) continue;
    const failure = await failureOf(executor.execute(action, input, signal === undefined ? {} : { signal }));
    if (failure === undefined) return { role: 'reads', action };
    return { role: failure.kind === 'forbidden' ? 'refused' : 'failed', action, failure };
  }
  return { role: 'unknown' };
}

/** Throws what is no failure, and what was cancelled. */
export async function failureOf(work: Promise<unknown>): Promise<Failure | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof ActionError && error.failure.kind !== 'cancelled') return error.failure;
    throw error;
  }
}
