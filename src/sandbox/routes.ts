// Every route of the sandbox's API: those of the catalogue's actions plus SCIM PUT, which official SDKs use. Nothing else exists.

import { budgetRoutes } from './areas/budgets.js';
import { customAppRoutes } from './areas/custom-apps.js';
import { ipAccessListRoutes } from './areas/ip-access-lists.js';
import { logDeliveryRoutes } from './areas/log-delivery.js';
import { metastoreAssignmentRoutes } from './areas/metastore-assignments.js';
import { metastoreRoutes } from './areas/metastores.js';
import { networkRoutes } from './areas/networks.js';
import { permissionAssignmentRoutes } from './areas/permission-assignments.js';
import { provisioningRoutes } from './areas/provisioning.js';
import { secretRoutes } from './areas/secrets.js';
import { usageRoutes } from './areas/usage.js';
import { workspaceRoutes } from './areas/workspaces.js';
import type { Cloud } from './contract.js';
import type { Route } from './router.js';
import { groupRoutes } from './scim/groups.js';
import { servicePrincipalRoutes } from './scim/service-principals.js';
import { userRoutes } from './scim/users.js';

const everywhere: readonly Route[] = [
  ...userRoutes,
  ...groupRoutes,
  ...servicePrincipalRoutes,
  ...secretRoutes,
  ...workspaceRoutes,
  ...permissionAssignmentRoutes,
  ...metastoreRoutes,
  ...metastoreAssignmentRoutes,
  ...provisioningRoutes,
  ...networkRoutes,
  ...ipAccessListRoutes,
  ...customAppRoutes,
  ...budgetRoutes,
  ...logDeliveryRoutes,
  ...usageRoutes,
];

/** A cloud that lacks a feature lacks its routes; the real servers' answer is unknown, the sandbox's is ENDPOINT_NOT_FOUND. */
export const routesOf = (cloud: Cloud): Route[] =>
  everywhere.filter(({ clouds }) => clouds === undefined || clouds.includes(cloud));
