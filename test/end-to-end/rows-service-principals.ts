/** SCIM service principals, and the OAuth secrets they sign in with. */
import assert from 'node:assert/strict';
import { type Account, signIn, v20 } from './account.js';
import { appliedAndKept, appliedSilently, listed, type Rows, reads } from './row.js';
import { storedSecret } from './stored-secret.js';

const path = `${v20}/scim/v2/ServicePrincipals`;
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const secretsOf = (id: string) => `${v20}/servicePrincipals/${id}/credentials/secrets`;

export const servicePrincipals: Rows = {
  databricks_list_service_principals: () => ({
    args: { filter: 'displayName ne "ci-deploy"', count: 3 },
    wire: [{ method: 'GET', path, query: { filter: 'displayName ne "ci-deploy"', count: '3' } }],
    judge: reads((body, args) => ({ data: body.Resources, total: 7, nextPage: { ...args, startIndex: 4 } })),
  }),

  databricks_get_service_principal: async (account) => {
    const { id } = await account.scim('ServicePrincipals', 'terraform-provisioner');
    return {
      args: { id },
      wire: [{ method: 'GET', path: `${path}/${id}` }],
      judge: reads((body) => ({ data: body })),
    };
  },

  databricks_create_service_principal: () => {
    const principal = { displayName: 'nightly-exports', active: true, roles: [{ value: 'account_admin' }] };
    return {
      args: principal,
      wire: [{ method: 'POST', path, body: principal }],
      judge: appliedAndKept(({ id }) => `${path}/${id}`, { displayName: 'nightly-exports', active: true }),
    };
  },

  databricks_update_service_principal: async (account) => {
    const { id } = await account.scim('ServicePrincipals', 'fivetran-sync');
    return {
      args: { id, Operations: [{ op: 'replace', path: 'active', value: '[{"value":"false"}]' }] },
      wire: [
        {
          method: 'PATCH',
          path: `${path}/${id}`,
          body: { schemas: [patchOp], Operations: [{ op: 'replace', path: 'active', value: [{ value: 'false' }] }] },
        },
      ],
      judge: appliedSilently(async () => assert.equal((await account.get(`${path}/${id}`)).active, false)),
    };
  },

  databricks_delete_service_principal: async (account) => {
    const { id } = await account.create(path, { displayName: 'to-be-deleted' });
    return {
      args: { id },
      wire: [{ method: 'DELETE', path: `${path}/${id}` }],
      judge: appliedSilently(async () => assert.ok(await account.isGone(`${path}/${id}`))),
    };
  },
};

const owner = (account: Account) => account.scim('ServicePrincipals', 'ci-deploy');

/** Databricks documents two scopes for these: the rows run under each. */
export const secrets: Rows = {
  databricks_list_service_principal_secrets: async (account) => {
    const { id } = await owner(account);
    return {
      args: { service_principal_id: id, page_size: 2 },
      wire: [{ method: 'GET', path: secretsOf(id), query: { page_size: '2' } }],
      judge: listed('secrets'),
    };
  },

  databricks_create_service_principal_secret: async (account) => {
    const { id, applicationId } = await owner(account);
    return {
      args: { service_principal_id: id, lifetime: '3600s', scopes: ['scim:read', 'billing'] },
      wire: [{ method: 'POST', path: secretsOf(id), body: { lifetime: '3600s', scopes: ['scim:read', 'billing'] } }],
      judge: async ({ answer }) => {
        const { secret: stored, ...shown } = answer.data;
        const value = storedSecret(answer, stored);
        const { secrets } = await account.get(`${secretsOf(id)}?page_size=100`);
        assert.deepEqual(shown, account.one(secrets, 'id', shown.id));
        assert.deepEqual(shown.scopes, ['scim:read', 'billing']);
        assert.equal((await signIn(account.sandbox, value, 'billing', applicationId)).status, 200);
      },
    };
  },

  databricks_delete_service_principal_secret: async (account) => {
    const { id } = await account.scim('ServicePrincipals', 'airflow-prod');
    const { id: secret } = await account.create(secretsOf(id), {});
    return {
      args: { service_principal_id: id, secret_id: secret },
      wire: [{ method: 'DELETE', path: `${secretsOf(id)}/${secret}` }],
      judge: appliedSilently(async () => assert.deepEqual((await account.get(secretsOf(id))).secrets, [])),
    };
  },
};
