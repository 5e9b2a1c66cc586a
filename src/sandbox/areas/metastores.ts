// Unity Catalog metastores of the account. Single ones travel inside `metastore_info`, lists do not.

import { type Account, principalName } from '../account.js';
import { duplicate, invalid, invalidState, missing } from '../errors.js';
import { flagWord } from '../query-readers.js';
import { flag, int64, oneOf, shape, text } from '../readers.js';
import type { Metastore } from '../records.js';
import { emptyReply, jsonReply } from '../reply.js';
import { route, wrapped } from '../router.js';

const collection = '/api/2.0/accounts/{account_id}/metastores';
const needs = { scopes: ['unity-catalog'] };

const newMetastore = shape(
  { name: text({ min: 1 }) },
  { region: text({ min: 1 }), storage_root: text({ min: 1 }), external_access_enabled: flag() },
);

const changes = shape(
  {},
  {
    owner: text({ min: 1 }),
    external_access_enabled: flag(),
    privilege_model_version: text(),
    storage_root_credential_id: text(),
    delta_sharing_scope: oneOf('INTERNAL', 'INTERNAL_AND_EXTERNAL'),
    delta_sharing_recipient_token_lifetime_in_seconds: int64(),
    delta_sharing_organization_name: text(),
  },
);

export const metastoreRoutes = [
  route(`GET ${collection}`, needs, ({ account }) => jsonReply({ metastores: [...account.metastores.values()] })),

  route(`GET ${collection}/{metastore_id}`, needs, ({ account, param }) =>
    jsonReply({ metastore_info: findMetastore(account, param('metastore_id')) }),
  ),

  route(
    `POST ${collection}`,
    { ...needs, body: wrapped('metastore_info', newMetastore) },
    ({ account, caller, body }) => {
      if ([...account.metastores.values()].some(({ name }) => name === body.name)) {
        throw duplicate(`Metastore '${body.name}' already exists.`);
      }
      if (!body.region && !body.storage_root)
        throw invalid("Field 'metastore_info.region' is required without a storage_root.");
      const id = account.ids.uuid();
      const now = account.now();
      const by = principalName(caller);
      const metastore: Metastore = {
        metastore_id: id,
        name: body.name,
        cloud: account.cloud,
        region: body.region,
        global_metastore_id: [account.cloud, body.region, id].filter(Boolean).join(':'),
        storage_root: body.storage_root,
        created_at: now,
        created_by: by,
        updated_at: now,
        updated_by: by,
        owner: by,
        external_access_enabled: body.external_access_enabled ?? false,
        privilege_model_version: '1.0',
        delta_sharing_scope: 'INTERNAL',
      };
      account.metastores.set(id, metastore);
      return jsonReply({ metastore_info: metastore });
    },
  ),

  // A PUT that changes only what it names.
  route(`PUT ${collection}/{metastore_id}`, { ...needs, body: wrapped('metastore_info', changes) }, (call) => {
    const { account, body } = call;
    const metastore = findMetastore(account, call.param('metastore_id'));
    const external = body.delta_sharing_scope === 'INTERNAL_AND_EXTERNAL';
    const lifetime = 'delta_sharing_recipient_token_lifetime_in_seconds';
    if (external && body[lifetime] === undefined && metastore[lifetime] === undefined) {
      throw invalid(`delta_sharing_scope INTERNAL_AND_EXTERNAL needs ${lifetime}.`);
    }
    if (
      body[lifetime] !== undefined &&
      body.delta_sharing_scope === undefined &&
      metastore.delta_sharing_scope === 'INTERNAL'
    ) {
      throw invalid(`${lifetime} needs delta_sharing_scope INTERNAL_AND_EXTERNAL.`);
    }
    Object.assign(metastore, body, { updated_at: account.now(), updated_by: principalName(call.caller) });
    return jsonReply({ metastore_info: metastore });
  }),

  route(
    `DELETE ${collection}/{metastore_id}`,
    { ...needs, query: { force: flagWord() } },
    ({ account, param, query }) => {
      const { metastore_id, name } = findMetastore(account, param('metastore_id'));
      // Catalogs live in workspaces the sandbox does not have: here a metastore is in use while workspaces are assigned to it.
      const workspaces = workspacesOf(account, metastore_id);
      if (workspaces.length > 0 && !query.force) {
        throw invalidState(`Metastore '${name}' is not empty. Use force=true to delete it with everything in it.`);
      }
      for (const id of workspaces) account.metastoreAssignments.delete(id);
      account.metastores.delete(metastore_id);
      return emptyReply();
    },
  ),
];

export function findMetastore(account: Account, id: string): Metastore {
  const metastore = account.metastores.get(id);
  if (!metastore) throw missing(`Metastore '${id}' does not exist.`);
  return metastore;
}

export function workspacesOf(account: Account, metastoreId: string): string[] {
  return [...account.metastoreAssignments]
    .filter(([, { metastore_id }]) => metastore_id === metastoreId)
    .map(([id]) => id);
}
