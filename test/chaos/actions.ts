/**
 * The calls a schedule is made of: real arguments for a sandbox account, and for each write how its effects are
 * recognised in the effect log and where its result shows in the account.
 */
import type { Effect } from '../../src/sandbox/index.js';

// biome-ignore lint/suspicious/noExplicitAny: the sandbox's state as plain JSON
export type Snapshot = any;

export interface Planned {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Absent for reads. */
  readonly write?: Write;
}

export interface Write {
  /** The effects of this call, and of calls that cannot be told apart from it, have this key. */
  readonly key: string;
  /** Creates: the field of the answer's data that holds the new id. */
  readonly id?: string;
  /** Changes: whether the account is as the call wants it. */
  readonly holds?: (account: Snapshot) => boolean;
  /** Changes: ids of what it acts on, and what it makes of it. Calls that share an id and want something else disturb. */
  readonly touches: readonly string[];
  readonly want: string;
}

/** What a planner may draw from. `tag` makes names of a schedule its own; `which` picks among a few targets. */
interface Scene {
  readonly seed: Snapshot;
  readonly accountId: string;
  readonly tag: string;
  readonly which: number;
}

export type ActionName = keyof typeof planners;

export function plan(action: ActionName, scene: Scene): Planned {
  const { tool = action, ...planned }: ReturnType<Planner> = planners[action](scene);
  return { tool: `databricks_${tool}`, ...planned };
}

/** The key of an effect, as `Write.key` has it. */
export function effectKey({ kind, method, path, type, detail = '' }: Effect): string {
  if (kind === 'create') return created(type, detail);
  return changed(method, path, type === 'group_member' ? detail : '');
}

const created = (type: string, detail: string) => `create ${type} ${detail}`;
const changed = (method: string, path: string, detail = '') => `${method} ${path} ${detail}`.trimEnd();

type Planner = (scene: Scene) => Omit<Planned, 'tool'> & { tool?: string };

/** Two names per schedule and kind: most calls have one of their own, some meet. */
const name = ({ tag, which }: Scene) => `chaos-${tag}-${which % 2}`;
const scim = ({ accountId }: Scene, kind: string, id: string) => `/api/2.0/accounts/${accountId}/scim/v2/${kind}/${id}`;
const pick = (items: readonly string[], which: number) => items[which % items.length] ?? '';
const plainUsers = ({ seed }: Scene) => Object.keys(seed.users).slice(20, 23);
const plainGroups = ({ seed }: Scene) => Object.keys(seed.groups).slice(3, 6);

const creates =
  (tool: string, type: string, id: string, args: (scene: Scene) => Record<string, unknown>, detail = name): Planner =>
  (scene) => ({
    tool,
    args: args(scene),
    write: { key: created(type, detail(scene)), id, touches: [], want: 'new' },
  });

const membership =
  (isMember: boolean): Planner =>
  (scene) => {
    const group_id = pick(plainGroups(scene), scene.which);
    const member_id = pick(plainUsers(scene), scene.which >> 1);
    return {
      args: { group_id, member_id },
      write: {
        key: changed('PATCH', scim(scene, 'Groups', group_id), member_id),
        holds: ({ groups }) => (groups[group_id]?.members.includes(member_id) ?? false) === isMember,
        touches: [group_id, member_id],
        want: `member ${isMember}`,
      },
    };
  };

const deletes =
  (kind: 'Users' | 'Groups', targets: (scene: Scene) => string[]): Planner =>
  (scene) => {
    const id = pick(targets(scene), scene.which);
    const records = kind === 'Users' ? 'users' : 'groups';
    return {
      args: { id },
      write: {
        key: changed('DELETE', scim(scene, kind, id)),
        holds: (account) => account[records][id] === undefined,
        touches: [id],
        want: 'gone',
      },
    };
  };

const principal = ({ seed, which }: Scene) => pick(Object.keys(seed.servicePrincipals).slice(3, 5), which);

const planners = {
  create_user: creates(
    'create_user',
    'user',
    'id',
    (scene) => ({ userName: `${name(scene)}@lumenfreight.example` }),
    (scene) => `${name(scene)}@lumenfreight.example`,
  ),
  create_group: creates('create_group', 'group', 'id', (scene) => ({ displayName: name(scene) })),
  create_service_principal: creates('create_service_principal', 'service_principal', 'id', (scene) => ({
    displayName: name(scene),
  })),
  create_service_principal_secret: creates(
    'create_service_principal_secret',
    'secret',
    'id',
    (scene) => ({ service_principal_id: principal(scene), lifetime: '86400s', scopes: ['scim'] }),
    principal,
  ),
  create_budget: creates('create_budget', 'budget', 'budget_configuration_id', (scene) => ({
    display_name: name(scene),
    alert_configurations: [
      {
        time_period: 'MONTH',
        trigger_type: 'CUMULATIVE_SPENDING_EXCEEDED',
        quantity_type: 'LIST_PRICE_DOLLARS_USD',
        quantity_threshold: '1000.00',
        action_configurations: [],
      },
    ],
  })),
  create_ip_access_list: creates('create_ip_access_list', 'ip_access_list', 'list_id', (scene) => ({
    label: name(scene),
    list_type: 'BLOCK',
    ip_addresses: ['198.51.100.77'],
  })),
  create_network: creates('create_network', 'network', 'network_id', (scene) => ({
    network_name: name(scene),
    vpc_id: 'vpc-0123456789abcdef0',
    subnet_ids: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
    security_group_ids: ['sg-0123456789abcdef0'],
  })),
  create_log_delivery_config: creates('create_log_delivery_config', 'log_delivery', 'config_id', (scene) => ({
    log_type: 'AUDIT_LOGS',
    output_format: 'JSON',
    config_name: name(scene),
    credentials_id: Object.keys(scene.seed.credentials)[0],
    storage_configuration_id: Object.keys(scene.seed.storageConfigurations)[0],
  })),
  add_group_member: membership(true),
  remove_group_member: membership(false),
  update_user: (scene) => {
    const id = pick(plainUsers(scene), scene.which);
    const value = `${scene.tag} ${scene.which % 4}`;
    return {
      args: { id, Operations: [{ op: 'replace', path: 'displayName', value }] },
      write: {
        key: changed('PATCH', scim(scene, 'Users', id)),
        holds: ({ users }) => users[id]?.displayName === value,
        touches: [id],
        want: value,
      },
    };
  },
  assign: (scene) => {
    const workspace_id = pick(Object.keys(scene.seed.permissions).slice(1, 3), scene.which);
    const principal_id = pick(plainUsers(scene), scene.which >> 1);
    const permission = scene.which % 2 === 0 ? 'USER' : 'ADMIN';
    const path = `/api/2.0/accounts/${scene.accountId}/workspaces/${workspace_id}/permissionassignments/principals/${principal_id}`;
    return {
      tool: 'create_or_update_workspace_permission_assignment',
      args: { workspace_id, principal_id, permissions: [permission] },
      write: {
        key: changed('PUT', path),
        holds: ({ permissions }) => permissions[workspace_id]?.[principal_id] === permission,
        touches: [`${workspace_id} ${principal_id}`, principal_id],
        want: permission,
      },
    };
  },
  delete_user: deletes('Users', plainUsers),
  delete_group: deletes('Groups', plainGroups),
  list_users: () => ({ args: { count: 20 } }),
  list_budgets: () => ({ args: {} }),
  get_group: (scene) => ({ args: { id: pick(plainGroups(scene), scene.which) } }),
} satisfies Record<string, Planner>;
