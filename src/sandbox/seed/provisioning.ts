// Seeds credential, storage and network configurations. Runs before the workspaces, which refer to them.

import type { Account } from '../account.js';
import type { Network } from '../records.js';
import { DAY_MS, SEED_TIME } from './identity.js';
import { regions } from './workspaces.js';

export function seedProvisioning(account: Account): void {
  if (account.cloud === 'aws') {
    seedCredentials(account);
    seedStorage(account);
  }
  if (account.cloud !== 'azure') seedNetworks(account);
}

function seedCredentials(account: Account): void {
  // The last one is used by no workspace, so that there is one to delete.
  for (const [index, name] of ['lumen-cross-account', 'lumen-cross-account-eu', 'lumen-legacy-role'].entries()) {
    const credentials_id = account.ids.uuid();
    account.credentials.set(credentials_id, {
      credentials_id,
      credentials_name: name,
      account_id: account.id,
      creation_time: SEED_TIME + index * DAY_MS,
      aws_credentials: { sts_role: { role_arn: `arn:aws:iam::123456789012:role/${name}` } },
    });
  }
}

function seedStorage(account: Account): void {
  for (const [index, name] of ['lumen-root-us', 'lumen-root-eu', 'lumen-root-staging'].entries()) {
    const storage_configuration_id = account.ids.uuid();
    account.storageConfigurations.set(storage_configuration_id, {
      storage_configuration_id,
      storage_configuration_name: name,
      account_id: account.id,
      creation_time: SEED_TIME + index * DAY_MS,
      root_bucket_info: { bucket_name: `${name}-bucket` },
      ...(index === 2 && { role_arn: 'arn:aws:iam::123456789012:role/lumen-storage' }),
    });
  }
}

/** The first three are attached by seedAttachments once the workspaces exist. */
function seedNetworks(account: Account): void {
  for (const [index, name] of ['lumen-vpc-us', 'lumen-vpc-eu', 'lumen-vpc-staging', 'lumen-vpc-spare'].entries()) {
    const network_id = account.ids.uuid();
    account.networks.set(network_id, {
      network_id,
      network_name: name,
      account_id: account.id,
      creation_time: SEED_TIME + index * DAY_MS,
      vpc_status: 'UNATTACHED',
      ...(account.cloud === 'gcp' ? gcpNetwork(index) : awsNetwork(account)),
    });
  }
}

function awsNetwork(account: Account): Partial<Network> {
  const piece = () => account.ids.hex(17);
  return {
    vpc_id: `vpc-${piece()}`,
    subnet_ids: [`subnet-${piece()}`, `subnet-${piece()}`],
    security_group_ids: [`sg-${piece()}`],
  };
}

function gcpNetwork(index: number): Partial<Network> {
  const subnet_region = regions.gcp[index] ?? 'us-east4';
  const names = { vpc_id: 'lumen-shared-vpc', subnet_id: `databricks-${subnet_region}` };
  return { gcp_network_info: { network_project_id: 'lumen-network-host', subnet_region, ...names } };
}

export function seedAttachments(account: Account): void {
  for (const { workspace_id, network_id } of account.workspaces.values()) {
    const network = network_id === undefined ? undefined : account.networks.get(network_id);
    if (!network) continue;
    const warned = network.network_name === 'lumen-vpc-staging';
    account.networks.set(network.network_id, {
      ...network,
      workspace_id,
      vpc_status: warned ? 'WARNED' : 'VALID',
      ...(warned && {
        warning_messages: [
          { warning_type: 'securityGroup' as const, warning_message: 'Egress to port 8443 is not allowed.' },
        ],
      }),
    });
  }
}
