// Seeds workspaces with what each cloud builds them on, and who may use them.

import type { Account } from '../account.js';
import type { Workspace } from '../records.js';
import { DAY_MS, HUGE_WORKSPACE_ID, SEED_TIME } from './identity.js';

type Plan = Pick<Workspace, 'workspace_name' | 'pricing_tier' | 'workspace_status' | 'compute_mode'>;

const plans: readonly Plan[] = [
  { workspace_name: 'lumen-prod-us', pricing_tier: 'ENTERPRISE', workspace_status: 'RUNNING', compute_mode: 'HYBRID' },
  { workspace_name: 'lumen-prod-eu', pricing_tier: 'ENTERPRISE', workspace_status: 'RUNNING', compute_mode: 'HYBRID' },
  { workspace_name: 'lumen-staging', pricing_tier: 'PREMIUM', workspace_status: 'RUNNING', compute_mode: 'HYBRID' },
  { workspace_name: 'lumen-sandbox', pricing_tier: 'PREMIUM', workspace_status: 'RUNNING', compute_mode: 'SERVERLESS' },
  {
    workspace_name: 'lumen-apac-pilot',
    pricing_tier: 'PREMIUM',
    workspace_status: 'PROVISIONING',
    compute_mode: 'HYBRID',
  },
  { workspace_name: 'lumen-finance', pricing_tier: 'ENTERPRISE', workspace_status: 'FAILED', compute_mode: 'HYBRID' },
];

export const regions = {
  aws: ['us-east-1', 'eu-west-1', 'us-west-2', 'us-east-1', 'ap-southeast-2', 'eu-west-1'],
  azure: ['eastus2', 'westeurope', 'westus2', 'eastus2', 'australiaeast', 'westeurope'],
  gcp: ['us-east4', 'europe-west1', 'us-central1', 'us-east4', 'australia-southeast1', 'europe-west1'],
} as const;

const messages = {
  RUNNING: 'Workspace is running.',
  PROVISIONING: 'Workspace is being created.',
  FAILED: 'Workspace creation failed: the storage configuration could not be validated.',
} as const;

export function seedWorkspaces(account: Account): void {
  for (const [index, plan] of plans.entries()) {
    const workspace_id = index === plans.length - 1 ? HUGE_WORKSPACE_ID : BigInt(account.ids.numeric());
    account.workspaces.set(String(workspace_id), {
      ...plan,
      workspace_id,
      account_id: account.id,
      deployment_name: plan.workspace_name,
      cloud: account.cloud,
      creation_time: SEED_TIME + index * 31 * DAY_MS,
      workspace_status_message: messages[plan.workspace_status],
      custom_tags: { environment: plan.workspace_name.split('-')[1] ?? 'prod', cost_center: `CC-${4100 + index}` },
      ...cloudFields(account, index),
    });
  }
}

function cloudFields(account: Account, index: number): Partial<Workspace> {
  const region = regions[account.cloud][index] ?? '';
  if (account.cloud === 'azure') {
    const azure_workspace_info = {
      resource_group: `rg-lumen-${region}`,
      subscription_id: '8d1c0f6e-2b7a-4e35-a9c4-6f3b5d7e9012',
    };
    return { location: region, azure_workspace_info };
  }
  const network = [...account.networks.keys()][index];
  const network_id = index < 3 && network ? { network_id: network } : {};
  if (account.cloud === 'gcp') {
    return {
      location: region,
      cloud_resource_container: { gcp: { project_id: 'lumen-data-platform' } },
      ...network_id,
    };
  }
  const credentials_id = [...account.credentials.keys()][index % 2] ?? '';
  const storage_configuration_id = [...account.storageConfigurations.keys()][index % 3] ?? '';
  return { aws_region: region, credentials_id, storage_configuration_id, ...network_id };
}

/** Groups everywhere, a few people and principals directly; the first workspace has enough of them for two pages. */
export function seedPermissions(account: Account): void {
  const groups = [...account.groups.values()].filter((group) => group.resourceType === 'Group');
  const users = [...account.users.keys()];
  const principals = [...account.servicePrincipals.keys()];
  for (const [index, workspace] of [...account.workspaces.keys()].entries()) {
    const chosen = [
      ...groups.filter((_, at) => index === 0 || at % (index + 1) === 0).map(({ id }) => id),
      ...users.slice(index * 3, index * 3 + 4),
      ...principals.slice(index, index + 2),
      ...(index === 0 ? users.slice(8, 12) : []),
    ];
    account.permissions.set(workspace, new Map(chosen.map((id, at) => [id, at % 6 === 0 ? 'ADMIN' : 'USER'])));
  }
}
