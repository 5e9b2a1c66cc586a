// The seeded account: a mid-size freight company's, the same every time. Called at start and at every reset.

import { type Account, emptyAccount } from '../account.js';
import type { SandboxOptions } from '../contract.js';
import { createIds } from '../ids.js';
import { seedApps, seedIpAccessLists } from './apps.js';
import { seedBilling } from './billing.js';
import { ACCOUNT_ID } from './identity.js';
import { seedMetastores } from './metastores.js';
import { seedGroups, seedServicePrincipals, seedUsers } from './principals.js';
import { seedAttachments, seedProvisioning } from './provisioning.js';
import { seedPermissions, seedWorkspaces } from './workspaces.js';

export function seedAccount(options: SandboxOptions): Account {
  const { cloud = 'aws', now = Date.now, usageRowsPerMonth = 400, scopes = [] } = options;
  const account = emptyAccount({ id: ACCOUNT_ID, cloud, now, usageRowsPerMonth, ids: createIds('lumen') });
  seedUsers(account);
  seedServicePrincipals(account, scopes);
  seedGroups(account);
  seedProvisioning(account);
  seedWorkspaces(account);
  seedAttachments(account);
  seedPermissions(account);
  seedMetastores(account);
  seedBilling(account);
  seedApps(account);
  seedIpAccessLists(account);
  return account;
}
