/** Small questions to an account that show whether it answers, signs in, opens enough and lets us in. Reads only. */
import { type Action, areas } from '../../tools/index.js';
import type { App } from '../app.js';
import { ActionError, type Failure } from '../core/errors.js';
import { onCloud } from '../core/scopes.js';

/** What the grant opens of one service area. */
export interface Opened {
  readonly title: string;
  readonly open: readonly Action[];
  /** Those of this cloud that the operator has not switched off. */
  readonly all: readonly Action[];
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
  areas.map(({ title, actions }) => {
    const all = actions.filter((action) => onCloud(configuration.cloud, action) && policy.isOn(action));
    return { title, all, open: all.filter((action) => access.permitted.includes(action)) };
  });

/** Scopes that were asked for and not granted. */
export const missingScopes = ({ access, configuration }: App): string[] =>
  configuration.scopes.filter((scope) => !access.scopes.includes(scope));

/** Small lists only account admins may read, the cheapest first. */
const lists: readonly { readonly id: Action['id']; readonly input: object }[] = [
  { id: 'databricks_list_groups', input: { count: 1, attributes: 'id' } },
  { id: 'databricks_list_workspaces', input: {} },
  { id: 'databricks_list_custom_app_integrations', input: { page_size: 1 } },
  { id: 'databricks_list_metastores', input: {} },
  { id: 'databricks_list_ip_access_lists', input: {} },
  { id: 'databricks_list_budgets', input: {} },
  { id: 'databricks_list_networks', input: {} },
];

/** One read is enough: every list needs the same role. */
export async function probeRole({ access, executor }: App, signal?: AbortSignal): Promise<RoleVerdict> {
  for (const { id, input } of lists) {
    const action = access.permitted.find((each) => each.id === id);
    if (action === undefined) continue;
    const failure = await failureOf(executor.execute(action, input, signal === undefined ? {} : { signal }));
    if (failure === undefined) return { role: 'reads', action };
    return { role: failure.kind === 'forbidden' ? 'refused' : 'failed', action, failure };
  }
  return { role: 'unknown' };
}

async function failureOf(work: Promise<unknown>): Promise<Failure | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof ActionError && error.failure.kind !== 'cancelled') return error.failure;
    throw error;
  }
}
