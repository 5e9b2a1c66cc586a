// Seeds two Unity Catalog metastores and their assignments; the last workspace deliberately has none.

import type { Account } from '../account.js';
import { COMPANY_DOMAIN, DAY_MS, SEED_TIME } from './identity.js';
import { regions } from './workspaces.js';

const roots = {
  aws: 's3://lumen-unity-catalog',
  azure: 'abfss://unity@lumencatalog.dfs.core.windows.net',
  gcp: 'gs://lumen-unity-catalog',
} as const;

export function seedMetastores(account: Account): void {
  const owner = `amara.okafor@${COMPANY_DOMAIN}`;
  const created = [0, 1].map((index) => {
    const metastore_id = account.ids.uuid();
    const region = regions[account.cloud][index];
    account.metastores.set(metastore_id, {
      metastore_id,
      name: `lumen-${region}`,
      cloud: account.cloud,
      region,
      global_metastore_id: `${account.cloud}:${region}:${metastore_id}`,
      storage_root: `${roots[account.cloud]}/${region}`,
      created_at: SEED_TIME + index * DAY_MS,
      created_by: owner,
      updated_at: SEED_TIME + (index + 40) * DAY_MS,
      updated_by: owner,
      owner: index === 0 ? 'data-engineering' : owner,
      external_access_enabled: index === 0,
      privilege_model_version: '1.0',
      delta_sharing_scope: 'INTERNAL',
    });
    return metastore_id;
  });
  for (const [index, workspace] of [...account.workspaces.keys()].slice(0, -1).entries()) {
    const metastore_id = created[index % created.length] ?? '';
    account.metastoreAssignments.set(workspace, { metastore_id, default_catalog_name: index < 2 ? 'lumen' : 'main' });
  }
}
