/** The rows of all actions, by the scope that has to be enough for them. */
import type { Rows } from './row.js';
import { access } from './rows-access.js';
import { billing } from './rows-billing.js';
import { groups } from './rows-groups.js';
import { oauthApps } from './rows-oauth-apps.js';
import { networking, provisioning } from './rows-provisioning.js';
import { secrets, servicePrincipals } from './rows-service-principals.js';
import { unified } from './rows-unified.js';
import { credentialRows, metastoreRows } from './rows-unity-catalog.js';
import { users } from './rows-users.js';

export { secrets } from './rows-service-principals.js';

export const rowsByScope: Readonly<Record<string, Rows>> = {
  'access-management': access,
  'all-apis': { ...oauthApps, ...secrets },
  billing,
  networking,
  provisioning,
  // The unified reads come first: they describe the account as it was seeded.
  scim: { ...unified, ...users, ...groups, ...servicePrincipals },
  'unity-catalog': { ...metastoreRows, ...credentialRows },
};
