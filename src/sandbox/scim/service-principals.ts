// SCIM ServicePrincipals of the account. The application id doubles as the OAuth client id.

import type { Account } from '../account.js';
import { scimRefusal } from '../errors.js';
import type { ServicePrincipal } from '../records.js';
import type { Draft } from './draft.js';
import { asEntries, present, scimRoutes } from './resource.js';
import { servicePrincipalSchema } from './schema.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const servicePrincipalRoutes = scimRoutes<ServicePrincipal>({
  schema: servicePrincipalSchema,
  records: (account) => account.servicePrincipals,

  render: (account, principal) =>
    present({
      id: principal.id,
      applicationId: principal.applicationId,
      displayName: principal.displayName,
      active: principal.active,
      externalId: principal.externalId,
      roles: asEntries(principal.roles),
      account_id: account.id,
    }),

  create(account, draft) {
    const { applicationId, displayName } = draft;
    if (!displayName) throw scimRefusal('invalidValue', 'Missing required attribute: displayName.');
    if (applicationId !== undefined) refuseApplicationId(account, applicationId);
    return {
      kind: 'ServicePrincipal',
      id: account.ids.numeric(),
      applicationId: applicationId ?? account.ids.uuid(),
      ...writable(draft),
    };
  },

  toDraft: ({ displayName, externalId, active, roles }) => ({
    ...(displayName !== undefined && { displayName }),
    ...(externalId !== undefined && { externalId }),
    active,
    roles,
  }),

  update(_account, principal, draft) {
    // A PUT repeats the application id; only another one is a change.
    if (draft.applicationId !== undefined && draft.applicationId !== principal.applicationId) {
      throw scimRefusal('mutability', "Attribute 'applicationId' cannot be changed.");
    }
    Object.assign(principal, writable(draft));
  },
});

const writable = (draft: Draft) => ({
  displayName: draft.displayName,
  active: draft.active ?? true,
  externalId: draft.externalId,
  roles: draft.roles ?? [],
});

/** Naming the application id is for principals managed by Microsoft Entra ID, which exist on Azure only. */
function refuseApplicationId(account: Account, applicationId: string): void {
  if (account.cloud !== 'azure') throw scimRefusal('invalidValue', 'applicationId can only be set on Azure.');
  if (!UUID.test(applicationId)) throw scimRefusal('invalidValue', 'applicationId must be a UUID.');
  if ([...account.servicePrincipals.values()].some((known) => known.applicationId === applicationId.toLowerCase())) {
    throw scimRefusal('uniqueness', `Service principal with application ID ${applicationId} already exists.`);
  }
}
