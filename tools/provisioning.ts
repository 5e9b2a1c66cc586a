/** Credential, storage and network configurations that workspaces are built from. */
import { z } from 'zod';
import { http, list } from './action.js';
import { strings, text, unlisted } from './fields.js';
import { credentialCreation, credentialDeletion, networkCreation, networkDeletion } from './impact/provisioning.js';
import { createdIn, goneFrom } from './settlements.js';
import * as views from './views.js';

const credentials_id = text();

export const listCredentials = http({
  id: 'databricks_list_credentials',
  label: 'List Credential Configurations',
  scopes: ['unity-catalog'],
  clouds: ['aws'],
  description: 'Cross-account IAM roles that build workspaces; not Unity Catalog credentials.',
  view: views.credential,
  route: 'GET /api/2.0/accounts/{account_id}/credentials',
  input: z.strictObject({}),
  returns: list(),
});

export const createCredential = http({
  id: 'databricks_create_credential',
  label: 'Create Credential Configuration',
  scopes: ['unity-catalog'],
  clouds: ['aws'],
  setUp: 'Takes a cross-account IAM role in AWS whose trust policy names the account ID as external ID.',
  description: 'Register a cross-account IAM role; its trust policy must name the account id as external id.',
  view: views.credential,
  route: 'POST /api/2.0/accounts/{account_id}/credentials',
  risk: 'privilege',
  input: z.strictObject({
    credentials_name: text('Unique'),
    aws_credentials: z.strictObject({
      sts_role: z.strictObject({ role_arn: text().optional() }).optional(),
    }),
  }),
  settle: createdIn(listCredentials, ['credentials_name'], 'credentials_id'),
  impact: credentialCreation,
});

export const getCredential = http({
  id: 'databricks_get_credential',
  label: 'Get Credential Configuration',
  scopes: ['unity-catalog'],
  clouds: ['aws'],
  description: 'One credential configuration.',
  view: views.credential,
  route: 'GET /api/2.0/accounts/{account_id}/credentials/{credentials_id}',
  input: z.strictObject({ credentials_id }),
});

export const deleteCredential = http({
  id: 'databricks_delete_credential',
  label: 'Delete Credential Configuration',
  scopes: ['unity-catalog'],
  clouds: ['aws'],
  description: 'Delete a credential configuration; fails while a workspace uses it.',
  view: views.credential,
  route: 'DELETE /api/2.0/accounts/{account_id}/credentials/{credentials_id}',
  input: z.strictObject({ credentials_id }),
  settle: goneFrom(getCredential, ['credentials_id']),
  impact: credentialDeletion,
});

export const listStorageConfigurations = http({
  id: 'databricks_list_storage_configurations',
  label: 'List Storage Configurations',
  scopes: ['provisioning'],
  clouds: ['aws'],
  description: 'Root buckets for workspaces and logs.',
  view: views.storage,
  route: 'GET /api/2.0/accounts/{account_id}/storage-configurations',
  input: z.strictObject({}),
  returns: list(),
});

export const getStorageConfiguration = http({
  id: 'databricks_get_storage_configuration',
  label: 'Get Storage Configuration',
  scopes: ['provisioning'],
  clouds: ['aws'],
  description: 'One storage configuration.',
  view: views.storage,
  route: 'GET /api/2.0/accounts/{account_id}/storage-configurations/{storage_configuration_id}',
  input: z.strictObject({ storage_configuration_id: text() }),
});

const network_id = text();

export const listNetworks = http({
  id: 'databricks_list_networks',
  label: 'List Network Configurations',
  scopes: ['networking'],
  clouds: ['aws', 'gcp'],
  description: 'Network configurations with status and errors.',
  view: views.networks,
  route: 'GET /api/2.0/accounts/{account_id}/networks',
  input: z.strictObject({}),
  returns: list(),
});

export const getNetwork = http({
  id: 'databricks_get_network',
  label: 'Get Network Configuration',
  scopes: ['networking'],
  clouds: ['aws', 'gcp'],
  description: 'One network configuration; without workspace_id it is unused.',
  view: views.network,
  route: 'GET /api/2.0/accounts/{account_id}/networks/{network_id}',
  input: z.strictObject({ network_id }),
});

export const createNetwork = http({
  id: 'databricks_create_network',
  label: 'Create Network Configuration',
  scopes: ['networking'],
  clouds: ['aws', 'gcp'],
  setUp:
    'On GCP, Databricks takes this from a Google identity alone, not from a service principal with an OAuth secret.',
  description:
    'Register a network for AWS workspaces: vpc_id, 2 or more subnet_ids, 1 to 5 security_group_ids; ' +
    'vpc_endpoints needs both lists. GCP needs a Google token, which this server lacks.',
  view: views.network,
  route: 'POST /api/2.0/accounts/{account_id}/networks',
  input: z.strictObject({
    network_name: z.string().min(4).max(256).describe('Unique, 4-256 letters'),
    vpc_id: text().optional(),
    subnet_ids: strings().optional(),
    security_group_ids: strings().optional(),
    vpc_endpoints: z
      .strictObject({ rest_api: strings().optional(), dataplane_relay: strings().optional() })
      .describe('PrivateLink')
      .optional(),
    // Takes a token issued by Google, which this server has not.
    gcp_network_info: unlisted(
      z
        .strictObject({
          network_project_id: text(),
          vpc_id: text(),
          subnet_id: text(),
          subnet_region: text(),
          pod_ip_range_name: text(),
          service_ip_range_name: text(),
        })
        .optional(),
    ),
  }),
  settle: createdIn(listNetworks, ['network_name'], 'network_id'),
  impact: networkCreation,
});

export const deleteNetwork = http({
  id: 'databricks_delete_network',
  label: 'Delete Network Configuration',
  scopes: ['networking'],
  clouds: ['aws', 'gcp'],
  description:
    'Delete a network configuration; fails while a workspace uses it. Done when databricks_get_network finds it ' +
    'no more.',
  view: views.network,
  route: 'DELETE /api/2.0/accounts/{account_id}/networks/{network_id}',
  input: z.strictObject({ network_id }),
  settle: goneFrom(getNetwork, ['network_id']),
  impact: networkDeletion,
});
