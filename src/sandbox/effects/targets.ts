// What each writing route writes to: the kind of object, and how to look at the one a request is about. Looks only, writes nothing.

import { type Account, principalName } from '../account.js';
import type { EffectType } from '../contract.js';
import type { Match } from '../matching.js';

/** The object a request is about as it is right now; without a state it is not there. */
export interface Seen {
  readonly id: string;
  /** What people know it by; for a relation, the other end. */
  readonly detail?: string | undefined;
  readonly state: object | string | undefined;
}

export interface Target {
  readonly type: EffectType;
  look(account: Account, match: Match): Seen | undefined;
}

/** By path below the account, without the last id. */
const targets: Readonly<Record<string, Target>> = {
  'scim/v2/Users': collection('user', (account) => account.users, principalName),
  'scim/v2/Groups': collection('group', (account) => account.groups, principalName),
  'scim/v2/ServicePrincipals': collection(
    'service_principal',
    (account) => account.servicePrincipals,
    ({ displayName }) => displayName,
  ),
  'servicePrincipals/*/credentials/secrets': collection(
    'secret',
    (account) => account.secrets,
    ({ principalId }) => principalId,
  ),
  metastores: collection(
    'metastore',
    (account) => account.metastores,
    ({ name }) => name,
  ),
  credentials: collection(
    'credential',
    (account) => account.credentials,
    (one) => one.credentials_name,
  ),
  networks: collection(
    'network',
    (account) => account.networks,
    (one) => one.network_name,
    ({ departingNetworks }, id) => departingNetworks.has(id),
  ),
  'ip-access-lists': collection(
    'ip_access_list',
    (account) => account.ipAccessLists,
    ({ label }) => label,
  ),
  'oauth2/custom-app-integrations': collection(
    'custom_app',
    (account) => account.customApps,
    ({ name }) => name,
  ),
  budgets: collection(
    'budget',
    (account) => account.budgets,
    (one) => one.display_name,
  ),
  'log-delivery': collection(
    'log_delivery',
    (account) => account.logDeliveries,
    (one) => one.config_name,
  ),
  'workspaces/*/metastores': relation('metastore_assignment', 'metastore_id', (account, workspace, metastore) => {
    const assigned = account.metastoreAssignments.get(workspace);
    return assigned?.metastore_id === metastore ? assigned : undefined;
  }),
  'workspaces/*/permissionassignments/principals': relation(
    'permission_assignment',
    'principal_id',
    (account, workspace, principal) => account.permissions.get(workspace)?.get(principal),
  ),
};

export function targetOf({ route }: Match): Target | undefined {
  // After '', 'api', the version, 'accounts' and the account's id.
  const words = route.template.slice(5).map((part) => (part.startsWith('{') ? '*' : part));
  return targets[words.join('/').replace(/\/\*$/, '')];
}

function collection<T extends object>(
  type: EffectType,
  records: (account: Account) => ReadonlyMap<string, T>,
  name: (record: T) => string | undefined,
  /** Deleted, but lingering. */
  isDeparting: (account: Account, id: string) => boolean = () => false,
): Target {
  return {
    type,
    look(account, { route, params }) {
      const isItem = route.template.at(-1)?.startsWith('{');
      // A create is about the newest record: another one afterwards than before.
      const id = isItem ? [...params.values()].at(-1) : [...records(account).keys()].at(-1);
      const record = id === undefined ? undefined : records(account).get(id);
      if (id === undefined || !record) return undefined;
      return { id, detail: name(record), state: isDeparting(account, id) ? undefined : record };
    },
  };
}

/** Something a workspace holds: its id and, as the detail, the other end's. */
function relation(
  type: EffectType,
  other: string,
  find: (account: Account, workspace: string, other: string) => object | string | undefined,
): Target {
  return {
    type,
    look(account, { params }) {
      const id = canonical(params.get('workspace_id'));
      const detail = canonical(params.get(other));
      return { id, detail, state: find(account, id, detail) };
    },
  };
}

/** '007' is workspace 7; what is no number is left to the handler to refuse. */
const canonical = (id = ''): string => (/^\d{1,19}$/.test(id) ? BigInt(id).toString() : id);
