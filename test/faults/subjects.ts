/** The calls that the fault table is run with: one of each kind of effect, and the creates that are harder than the rest. */

export type Arguments = Readonly<Record<string, unknown>>;
/** Calls an action and returns its data. */
// biome-ignore lint/suspicious/noExplicitAny: what Databricks answers differs per action
export type Call = (id: string, args?: Arguments) => Promise<any>;

interface Plan {
  readonly action: string;
  /** Makes what the call needs, before any fault, and returns the arguments of the call. */
  readonly prepare: (call: Call) => Promise<Arguments>;
}

const always = (args: Arguments) => async () => args;

export const subjects = {
  create: { action: 'create_group', prepare: always({ displayName: 'fault-table' }) },
  /** Names of service principals are not unique. */
  'create a twin': {
    action: 'create_service_principal',
    prepare: async (call) => {
      await call('create_service_principal', { displayName: 'fault-twin' });
      return { displayName: 'fault-twin' };
    },
  },
  /** There is no deleting these. */
  'create a log delivery': {
    action: 'create_log_delivery_config',
    prepare: async (call) => ({
      config_name: 'fault-table',
      log_type: 'AUDIT_LOGS',
      output_format: 'JSON',
      credentials_id: (await call('list_credentials'))[0].credentials_id,
      storage_configuration_id: (await call('list_storage_configurations'))[0].storage_configuration_id,
      status: 'DISABLED',
    }),
  },
  assign: {
    action: 'create_or_update_workspace_permission_assignment',
    prepare: async (call) => ({
      workspace_id: (await call('list_workspaces'))[0].workspace_id,
      principal_id: (await call('create_group', { displayName: 'fault-table' })).id,
      permissions: ['USER'],
    }),
  },
  delete: {
    action: 'delete_group',
    prepare: async (call) => ({ id: (await call('create_group', { displayName: 'fault-table' })).id }),
  },
  read: { action: 'list_users', prepare: always({ count: 5 }) },
  'read one': { action: 'get_user', prepare: async (call) => ({ id: (await call('list_users', { count: 1 }))[0].id }) },
} satisfies Record<string, Plan>;

export type Subject = keyof typeof subjects;
export const planOf = (subject: Subject): Plan => subjects[subject];
