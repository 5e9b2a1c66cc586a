/** Custom OAuth app integrations. */
import assert from 'node:assert/strict';
import { type Account, v20 } from './account.js';
import { applied, appliedSilently, listed, type Rows, reads } from './row.js';
import { storedSecret } from './stored-secret.js';

const path = `${v20}/oauth2/custom-app-integrations`;

const app = async (account: Account, name: string) => account.one(await account.all(path, 'apps'), 'name', name);

export const oauthApps: Rows = {
  databricks_list_custom_app_integrations: [
    () => ({
      args: { search_keyword: 'b', include_creator_username: true, page_size: 2 },
      wire: [{ method: 'GET', path, query: { search_keyword: 'b', include_creator_username: 'true', page_size: '2' } }],
      judge: async (given) => {
        await listed('apps')(given);
        assert.match(given.answer.data[0].creator_username, /@lumenfreight\.example$/);
      },
    }),
    () => ({
      args: {},
      wire: [{ method: 'GET', path }],
      judge: async (given) => {
        await listed('apps')(given);
        assert.ok(given.answer.nextPage, 'no second page to follow');
      },
    }),
  ],

  databricks_get_custom_app_integration: async (account) => {
    const { integration_id } = await app(account, 'Looker EMEA');
    return {
      args: { integration_id },
      wire: [{ method: 'GET', path: `${path}/${integration_id}` }],
      judge: reads((body) => ({ data: body })),
    };
  },

  databricks_create_custom_app_integration: [
    () => {
      const confidential = {
        name: 'Invoice matcher',
        redirect_urls: ['https://apps.lumenfreight.example/oauth/invoices?tenant=a&b=c'],
        confidential: true,
        scopes: ['sql', 'offline_access'],
        user_authorized_scopes: ['sql'],
        token_access_policy: {
          access_token_ttl_in_minutes: 30,
          refresh_token_ttl_in_minutes: 1440,
          enable_single_use_refresh_tokens: true,
          absolute_session_lifetime_in_minutes: 43200,
        },
      };
      return {
        args: confidential,
        wire: [{ method: 'POST', path, body: confidential }],
        judge: async ({ account, answer }) => {
          const { integration_id, client_id, client_secret, ...more } = answer.data;
          assert.deepEqual(more, {});
          storedSecret(answer, client_secret);
          const kept = await account.get(`${path}/${integration_id}`);
          assert.equal(kept.client_id, client_id);
          for (const [name, value] of Object.entries(confidential)) assert.deepEqual(kept[name], value, name);
        },
      };
    },
    () => {
      const open = { name: 'Desktop tool', redirect_urls: ['http://localhost:8020'], confidential: false };
      return {
        args: open,
        wire: [{ method: 'POST', path, body: open }],
        judge: async (given) => {
          const { integration_id, client_id } = given.answer.data;
          await applied({ integration_id, client_id }, async ({ account }) => {
            assert.equal((await account.get(`${path}/${integration_id}`)).name, 'Desktop tool');
          })(given);
        },
      };
    },
  ],

  databricks_update_custom_app_integration: async (account) => {
    const { integration_id } = await app(account, 'Data portal');
    const change = {
      redirect_urls: ['https://portal.lumenfreight.example/callback'],
      scopes: ['openid', 'profile'],
      token_access_policy: { access_token_ttl_in_minutes: 15 },
    };
    return {
      args: { integration_id, ...change },
      wire: [{ method: 'PATCH', path: `${path}/${integration_id}`, body: change }],
      judge: appliedSilently(async () => {
        const { redirect_urls, scopes } = await app(account, 'Data portal');
        assert.deepEqual(redirect_urls, ['https://portal.lumenfreight.example/callback']);
        assert.deepEqual(scopes, ['openid', 'profile']);
      }),
    };
  },

  databricks_delete_custom_app_integration: async (account) => {
    const { integration_id } = await app(account, 'Notebook launcher');
    return {
      args: { integration_id },
      wire: [{ method: 'DELETE', path: `${path}/${integration_id}` }],
      judge: appliedSilently(async () => assert.ok(await account.isGone(`${path}/${integration_id}`))),
    };
  },
};
