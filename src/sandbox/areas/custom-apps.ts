// Custom OAuth app integrations. The client secret leaves the server once, in the answer to create.

import { type Account, principalName } from '../account.js';
import { missing } from '../errors.js';
import { paginate } from '../paging.js';
import { flagWord, integerWord } from '../query-readers.js';
import { shape, text } from '../readers.js';
import type { CustomApp } from '../records.js';
import { emptyReply, jsonReply } from '../reply.js';
import { route } from '../router.js';
import { changeable, checkPolicy, newApp } from './custom-app-body.js';

const collection = '/api/2.0/accounts/{account_id}/oauth2/custom-app-integrations';
const needs = { scopes: ['all-apis'] };

const listQuery = {
  include_creator_username: flagWord(),
  page_size: integerWord(),
  page_token: text(),
  search_keyword: text(),
};

export const customAppRoutes = [
  route(`GET ${collection}`, { ...needs, query: listQuery }, ({ account, query }) => {
    const keyword = query.search_keyword?.toLowerCase() ?? '';
    const found = [...account.customApps.values()].filter((app) =>
      [app.name, app.client_id, app.integration_id].some((field) => field.toLowerCase().includes(keyword)),
    );
    const page = paginate(found, {
      list: 'custom-apps',
      token: query.page_token,
      size: query.page_size,
      defaultSize: 4,
      maxSize: 100,
    });
    const apps = page.items.map((app) => render(app, query.include_creator_username === true));
    return jsonReply({ apps, next_page_token: page.next });
  }),

  route(`GET ${collection}/{integration_id}`, needs, ({ account, param }) =>
    jsonReply(render(findApp(account, param('integration_id')), false)),
  ),

  route(`POST ${collection}`, { ...needs, body: newApp }, ({ account, caller, body }) => {
    checkPolicy(body.token_access_policy);
    const app: CustomApp = {
      ...body,
      integration_id: account.ids.uuid(),
      client_id: account.ids.uuid(),
      confidential: body.confidential ?? false,
      scopes: body.scopes ?? ['all-apis'],
      create_time: new Date(account.now()).toISOString(),
      created_by: BigInt(caller.id),
      creatorUsername: principalName(caller),
    };
    account.customApps.set(app.integration_id, app);
    const { integration_id, client_id, confidential } = app;
    return jsonReply({
      integration_id,
      client_id,
      client_secret: confidential ? `dose${account.ids.hex(32)}` : undefined,
    });
  }),

  // Arrays given here replace the stored ones; name and confidential cannot be changed.
  route(
    `PATCH ${collection}/{integration_id}`,
    { ...needs, body: shape({}, changeable) },
    ({ account, param, body }) => {
      const app = findApp(account, param('integration_id'));
      checkPolicy(body.token_access_policy);
      Object.assign(app, body);
      return emptyReply();
    },
  ),

  route(`DELETE ${collection}/{integration_id}`, needs, ({ account, param }) => {
    account.customApps.delete(findApp(account, param('integration_id')).integration_id);
    return emptyReply();
  }),
];

function findApp(account: Account, id: string): CustomApp {
  const app = account.customApps.get(id);
  if (!app) throw missing(`Custom app integration '${id}' does not exist.`);
  return app;
}

function render({ creatorUsername, ...app }: CustomApp, withCreator: boolean) {
  return { ...app, creator_username: withCreator ? creatorUsername : undefined };
}
