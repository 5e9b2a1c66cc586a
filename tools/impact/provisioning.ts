/** What registering or deleting a credential or network configuration touches: the workspaces and logs that use it. */
import type { Arguments, Impact, Look } from '../action.js';
import { listLogDeliveryConfigs } from '../log-delivery.js';
import {
  createCredential,
  createNetwork,
  getCredential,
  getNetwork,
  listCredentials,
  listNetworks,
} from '../provisioning.js';
import { getWorkspace } from '../workspaces.js';
import { fact, fieldsOf, itemsOf, notReadable, only, textOf, undoBy, without, words } from './facts.js';
import { workspaceName, workspacesOf } from './workspaces-in-use.js';

export async function credentialCreation(look: Look, input: Arguments): Promise<Impact> {
  const present = itemsOf(await look.read(listCredentials, {}));
  const role = roleOf(input);
  const alike = present.filter((each) => role !== undefined && roleOf(each) === role);
  return {
    facts: [
      ...fact('Name', input.credentials_name),
      ...fact('Role', role ?? words('none given')),
      ...fact('Effect', words('Databricks may assume this role to build workspaces and to write logs')),
      ...fact('Same role', alike.map((each) => textOf(each.credentials_name) ?? '').filter(Boolean)),
    ],
    reversible: 'yes',
    reversal: 'It can be deleted again while no workspace uses it.',
    ...(present.some((each) => each.credentials_name === input.credentials_name) && {
      obstacle: {
        message: 'A credential configuration with this name exists already.',
        next: 'Choose another name, or look with databricks_list_credentials whether that one does it.',
      },
    }),
  };
}

export async function credentialDeletion(look: Look, input: Arguments): Promise<Impact> {
  const id = String(input.credentials_id);
  const credential = await look.read(getCredential, { credentials_id: id });
  if (credential === null) return look.notFound('credential configuration', id);
  const fields = fieldsOf(credential);
  const all = await workspacesOf(look);
  const users = all?.filter((each) => each.credentials_id === id) ?? [];
  const deliveries = await look.tryRead(listLogDeliveryConfigs, { credentials_id: id });
  const enabled = itemsOf(deliveries).filter((each) => each.status === 'ENABLED');
  const name = textOf(fields.credentials_name);
  return {
    target: { kind: 'credential configuration', id, ...(name !== undefined && { name }) },
    facts: [
      ...fact('Role', roleOf(fields)),
      ...fact(
        'Used by',
        all === undefined
          ? notReadable
          : users.length === 0
            ? words('no workspace')
            : users.map((each) => workspaceName(each, textOf(each.workspace_id) ?? '')),
      ),
      ...fact(
        'Log delivery',
        Array.isArray(deliveries)
          ? enabled.map((each) => textOf(each.config_name) ?? textOf(each.config_id) ?? '')
          : notReadable,
      ),
    ],
    reversible: 'partly',
    reversal: 'The role can be registered again, under a new id.',
    before: fields,
    ...undoBy(createCredential, {
      credentials_name: fields.credentials_name,
      aws_credentials: { sts_role: { role_arn: roleOf(fields) } },
    }),
    ...(users.length > 0 && {
      obstacle: {
        message: 'A workspace uses this credential configuration; Databricks refuses to delete it.',
        next: 'Look with databricks_list_workspaces which ones; it can be deleted when none is left.',
      },
    }),
  };
}

export async function networkCreation(look: Look, input: Arguments): Promise<Impact> {
  const present = itemsOf(await look.read(listNetworks, {}));
  const endpoints = fieldsOf(input.vpc_endpoints);
  const gcp = fieldsOf(input.gcp_network_info);
  const alike = present.filter((each) => input.vpc_id !== undefined && each.vpc_id === input.vpc_id);
  return {
    facts: [
      ...fact('Name', input.network_name),
      ...fact('VPC', input.vpc_id ?? gcp.vpc_id),
      ...fact('Subnets', input.subnet_ids ?? gcp.subnet_id),
      ...fact('Security groups', input.security_group_ids),
      ...fact('REST endpoints', endpoints.rest_api),
      ...fact('Relay endpoints', endpoints.dataplane_relay),
      ...fact('Project', gcp.network_project_id),
      ...fact('Region', gcp.subnet_region),
      ...fact('Same VPC', alike.map((each) => textOf(each.network_name) ?? '').filter(Boolean)),
    ],
    reversible: 'yes',
    reversal: 'It can be deleted again while no workspace uses it.',
    ...(present.some((each) => each.network_name === input.network_name) && {
      obstacle: {
        message: 'A network configuration with this name exists already.',
        next: 'Choose another name, or look with databricks_list_networks whether that one does it.',
      },
    }),
  };
}

export async function networkDeletion(look: Look, input: Arguments): Promise<Impact> {
  const id = String(input.network_id);
  const network = await look.read(getNetwork, { network_id: id });
  if (network === null) return look.notFound('network configuration', id);
  const fields = fieldsOf(network);
  const gcp = fieldsOf(fields.gcp_network_info);
  const userId = textOf(fields.workspace_id);
  const name = textOf(fields.network_name);
  const isGcp = fields.gcp_network_info !== undefined;
  return {
    target: { kind: 'network configuration', id, ...(name !== undefined && { name }) },
    facts: [
      ...fact(
        'Used by',
        userId === undefined ? words('no workspace') : workspaceName(await userOf(look, userId), userId),
      ),
      ...fact('VPC', fields.vpc_id ?? gcp.vpc_id),
      ...fact('Subnets', fields.subnet_ids ?? gcp.subnet_id),
      ...fact('Security groups', fields.security_group_ids),
    ],
    reversible: isGcp ? 'no' : 'partly',
    reversal: isGcp
      ? 'Registering it again takes a token issued by Google, which this server does not use.'
      : 'The network can be registered again, under a new id.',
    // What Databricks finds out about the network changes by itself.
    before: without(fields, 'vpc_status', 'error_messages', 'warning_messages'),
    ...(!isGcp && undoBy(createNetwork, networkArguments(fields))),
    ...(userId !== undefined && {
      obstacle: {
        message: 'A workspace uses this network configuration; Databricks refuses to delete it.',
        next: 'Give the workspace another network, or delete the workspace, in the account console first.',
      },
    }),
  };
}

/** The workspace may be gone already: nothing depends on finding it. */
async function userOf(look: Look, workspace_id: string): Promise<Arguments> {
  return fieldsOf(await look.tryRead(getWorkspace, { workspace_id }));
}

function roleOf(fields: Arguments): string | undefined {
  return textOf(fieldsOf(fieldsOf(fields.aws_credentials).sts_role).role_arn);
}

function networkArguments(fields: Arguments): Arguments {
  const endpoints = only(fields.vpc_endpoints, 'rest_api', 'dataplane_relay');
  return {
    ...only(fields, 'network_name', 'vpc_id', 'subnet_ids', 'security_group_ids'),
    ...(Object.keys(endpoints).length > 0 && { vpc_endpoints: endpoints }),
  };
}
