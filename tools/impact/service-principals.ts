/** What creating, changing or deleting a service principal touches. */
import type { Arguments, Impact, Look } from '../action.js';
import { getServicePrincipal, listServicePrincipals } from '../reads/service-principals.js';
import { quoted as literal } from '../scim.js';
import { groupsFact, rolesFact, secretsFact, workspacesFact } from './access.js';
import { createDirectory, isSame } from './directory.js';
import { fact, itemsOf, listOr } from './facts.js';
import { patchImpact, targetOf, wholeOf } from './identity.js';
import { afterPatch, isAdmin, principalLockouts } from './lockouts.js';
import { applyPatch } from './patch.js';
import { bare, nameOf, type Resource, resourceOf, textOf, valuesOf } from './resource.js';

const read = (look: Look, id: string) => look.read(getServicePrincipal, { id });

export async function principalCreation(look: Look, input: Arguments): Promise<Impact> {
  const displayName = String(input.displayName);
  const found = await look.read(listServicePrincipals, {
    filter: `displayName eq ${literal(displayName)}`,
    attributes: 'id,displayName',
  });
  const same = itemsOf(found).filter((each) => each.displayName === displayName);
  return {
    facts: [
      ...fact('New service principal', displayName),
      ...fact('Application id', textOf(input.applicationId)),
      ...fact('Roles granted', listOr(valuesOf(input.roles))),
      ...(input.active === false ? fact('Active', false) : []),
      ...(same.length > 0 ? fact('Others of the same name', same.length) : []),
    ],
    reversible: 'yes',
    reversal: 'Deleting the service principal takes it back.',
    after: bare(resourceOf({ active: true, ...input, id: undefined })),
  };
}

export async function principalUpdate(look: Look, input: Arguments): Promise<Impact> {
  const id = String(input.id);
  const principal = await wholeOf(look, read, 'service principal', id);
  const patched = applyPatch(principal, input.Operations);
  const after = afterPatch(patched, ['active', 'roles']);
  return patchImpact('service principal', principal, patched, input, 'databricks_update_service_principal', {
    facts: [
      ...fact('Active now', principal.active === true),
      ...rolesFact(principal, 'Roles now'),
      ...ownFact(look, principal),
    ],
    lockouts: await principalLockouts(look, createDirectory(look), principal, after),
  });
}

export async function principalDeletion(look: Look, input: Arguments): Promise<Impact> {
  const id = String(input.id);
  const principal = await wholeOf(look, read, 'service principal', id);
  const directory = createDirectory(look);
  const lockouts = await principalLockouts(look, directory, principal, 'deleted');
  const admin = await isAdmin(directory, principal);
  return {
    target: targetOf('service principal', principal),
    facts: [
      ...fact('Application id', textOf(principal.applicationId)),
      ...fact('Active', principal.active === true),
      ...ownFact(look, principal),
      ...fact('Account admin', admin),
      ...rolesFact(principal),
      ...(await groupsFact(directory, id)),
      ...(await workspacesFact(look, id)),
      ...(await secretsFact(look, id)),
    ],
    reversible: 'no',
    reversal:
      'A new service principal has another application id: whatever signs in as this one, or runs as it, stops working.',
    ...(lockouts.length > 0 && { lockouts }),
    before: bare(principal),
    ...(admin && { typed: nameOf(principal) ?? id }),
  };
}

const ownFact = (look: Look, principal: Resource) =>
  isSame(principal.applicationId, look.clientId) ? fact('Signs in this server', true) : [];
