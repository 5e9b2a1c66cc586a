// The state of the one Databricks account: maps of records by id, plus the clock and the id source. The few questions more than
// one area asks about it live here; rules of an area do not.

import type { Cloud } from './contract.js';
import { invalid, missing } from './errors.js';
import type { Ids } from './ids.js';
import type * as records from './records.js';

export interface Account {
  readonly id: string;
  readonly cloud: Cloud;
  readonly now: () => number;
  readonly ids: Ids;
  readonly usageRowsPerMonth: number;
  readonly users: Map<string, records.User>;
  readonly groups: Map<string, records.Group>;
  readonly servicePrincipals: Map<string, records.ServicePrincipal>;
  readonly secrets: Map<string, records.Secret>;
  readonly workspaces: Map<string, records.Workspace>;
  /** Workspace id to principal id to permission. */
  readonly permissions: Map<string, Map<string, records.Permission>>;
  readonly metastores: Map<string, records.Metastore>;
  /** By workspace id: a workspace has at most one. */
  readonly metastoreAssignments: Map<string, records.MetastoreAssignment>;
  readonly credentials: Map<string, records.Credential>;
  readonly storageConfigurations: Map<string, records.StorageConfiguration>;
  readonly networks: Map<string, records.Network>;
  /** Networks on their way out: how many more reads still see them, and until when. */
  readonly departingNetworks: Map<string, { readsLeft: number; until: number }>;
  readonly budgets: Map<string, records.Budget>;
  readonly logDeliveries: Map<string, records.LogDelivery>;
  readonly customApps: Map<string, records.CustomApp>;
  readonly ipAccessLists: Map<string, records.IpAccessList>;
}

export function emptyAccount(fixed: Pick<Account, 'id' | 'cloud' | 'now' | 'ids' | 'usageRowsPerMonth'>): Account {
  return {
    ...fixed,
    users: new Map(),
    groups: new Map(),
    servicePrincipals: new Map(),
    secrets: new Map(),
    workspaces: new Map(),
    permissions: new Map(),
    metastores: new Map(),
    metastoreAssignments: new Map(),
    credentials: new Map(),
    storageConfigurations: new Map(),
    networks: new Map(),
    departingNetworks: new Map(),
    budgets: new Map(),
    logDeliveries: new Map(),
    customApps: new Map(),
    ipAccessLists: new Map(),
  };
}

export function principalById(account: Account, id: string): records.Principal | undefined {
  return account.users.get(id) ?? account.groups.get(id) ?? account.servicePrincipals.get(id);
}

export function isAccountAdmin(account: Account, principalId: string, seen: ReadonlySet<string> = new Set()): boolean {
  if (seen.has(principalId)) return false;
  if (principalById(account, principalId)?.roles.includes('account_admin')) return true;
  const above = new Set(seen).add(principalId);
  const parents = [...account.groups.values()].filter((group) => group.members.includes(principalId));
  return parents.some((group) => isAccountAdmin(account, group.id, above));
}

/** What other objects call a principal: an e-mail address, an application id or a group name. */
export function principalName(principal: records.Principal): string {
  if (principal.kind === 'User') return principal.userName;
  return principal.kind === 'Group' ? principal.displayName : principal.applicationId;
}

/** Takes a deleted principal out of everything that refers to it. */
export function forgetPrincipal(account: Account, id: string): void {
  for (const group of account.groups.values()) group.members = group.members.filter((member) => member !== id);
  for (const assigned of account.permissions.values()) assigned.delete(id);
  for (const secret of account.secrets.values()) if (secret.principalId === id) account.secrets.delete(secret.id);
}

/** An int64 of a path, in canonical digits. */
export function int64Text(value: string, name: string): string {
  if (!/^\d{1,19}$/.test(value) || BigInt.asIntN(64, BigInt(value)) < 0n)
    throw invalid(`'${name}' must be an int64 number.`);
  return BigInt(value).toString();
}

export function workspaceById(account: Account, id: string): records.Workspace {
  const workspace = account.workspaces.get(int64Text(id, 'workspace_id'));
  if (!workspace) throw missing(`Workspace '${id}' does not exist.`);
  return workspace;
}
