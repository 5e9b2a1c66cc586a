/**
 * Why a change of an identity would shut this server or the last administrator out. Compares who is admin before and
 * after; what cannot be told counts as a lock-out. The sentences are ours and hold no name.
 */
import type { Look } from '../action.js';
import { type Admins, adminUsers, type Group, type Person, reached, withGroup, withPerson } from './admins.js';
import { type Directory, groupOf, isSame, personOf } from './directory.js';
import type { Patched } from './patch.js';
import { adminRole, type Resource, valuesOf } from './resource.js';

const sentences = {
  deletesOwn:
    'This deletes the service principal this server signs in with. Sign in with another one, then delete this one.',
  stopsOwn:
    'This deactivates the service principal this server signs in with. Sign in with another one, then deactivate this one.',
  demotesOwn:
    'This takes account admin from the service principal this server signs in with. Give it the role directly first, ' +
    'or sign in with another one.',
  lastAdmin: 'This leaves no active user who is account admin. Make another active user account admin first.',
  unclear:
    'It cannot be told whether this takes account admin away or deactivates. Use one plain operation per change: ' +
    'remove with roles[value eq "<role>"] or members[value eq "<id>"], replace with active, roles or members.',
  ownUnknown:
    'The service principal this server signs in with is not among those of the account, so it cannot be told whether ' +
    'this takes account admin from it. Check the client id in the settings.',
} as const;

/** What the new state of a resource is: itself, `deleted`, or not to be told. */
export type After<T> = T | 'deleted' | 'unclear';

/** The state after a patch, in the attributes that decide who is admin. */
export function afterPatch(patched: Patched | undefined, attributes: readonly string[]): After<Resource> {
  if (patched === undefined || attributes.some((name) => patched.unclear.has(name))) return 'unclear';
  return patched.resource;
}

const known = <T>(after: After<T>): T | undefined => (after === 'deleted' || after === 'unclear' ? undefined : after);

/** Only users count as the last ones in charge: a person has to be able to put things right in the account console. */
export async function userLockouts(directory: Directory, user: Resource, after: After<Resource>): Promise<string[]> {
  const now = personOf(user, 'user');
  const next = known(after);
  const then = next && personOf(next, 'user');
  if (then !== undefined && !loses(now, then)) return [];
  const groups = await directory.adminGroups();
  const id = String(user.id);
  const alone: Admins = { people: new Map([[id, now]]), groups };
  if (!now.active || !reached(alone).has(id)) return [];
  if (after === 'unclear') return [sentences.unclear];
  const before = withPerson({ people: await directory.users(), groups }, id, now);
  return between(before, withPerson(before, id, then), undefined);
}

const loses = (now: Person, then: Person) =>
  (now.active && !then.active) || now.roles.some((role) => !then.roles.includes(role));

export async function principalLockouts(
  look: Look,
  directory: Directory,
  principal: Resource,
  after: After<Resource>,
): Promise<string[]> {
  if (!isSame(principal.applicationId, look.clientId)) return [];
  if (after === 'deleted') return [sentences.deletesOwn];
  if (after === 'unclear') return [sentences.unclear];
  const now = personOf(principal, 'service principal');
  const then = personOf(after, 'service principal');
  // It signs in, so it is active, shown or not.
  if (!then.active && after.active !== principal.active) return [sentences.stopsOwn];
  if (!loses(now, then)) return [];
  const id = String(principal.id);
  const before: Admins = { people: new Map([[id, now]]), groups: await directory.adminGroups() };
  return between(before, withPerson(before, id, then), id);
}

export async function groupLockouts(directory: Directory, group: Resource, after: After<Resource>): Promise<string[]> {
  const now = groupOf(group);
  const next = known(after);
  const then = next && groupOf(next);
  if (then !== undefined && !shrinks(now, then)) return [];
  const id = String(group.id);
  const added = then?.members.filter((member) => !now.members.includes(member)) ?? [];
  const groups = await directory.adminGroups(now.roles.includes(adminRole) ? [id, ...added] : added);
  if (!reached(withGroup({ people: new Map(), groups }, id, now)).has(id)) return [];
  if (after === 'unclear') return [sentences.unclear];
  const own = await directory.own();
  if (own === undefined) return [sentences.ownUnknown];
  const people = new Map(await directory.users()).set(own.id, own.person);
  const before = withGroup({ people, groups }, id, now);
  return between(before, withGroup(before, id, then), own.id);
}

const shrinks = (now: Group, then: Group) =>
  now.roles.some((role) => !then.roles.includes(role)) || now.members.some((member) => !then.members.includes(member));

function between(before: Admins, after: Admins, ownId: string | undefined): string[] {
  const demotesOwn = ownId !== undefined && reached(before).has(ownId) && !reached(after).has(ownId);
  const endsAdmins = adminUsers(before).length > 0 && adminUsers(after).length === 0;
  return [...(demotesOwn ? [sentences.demotesOwn] : []), ...(endsAdmins ? [sentences.lastAdmin] : [])];
}

/** Whether account admin reaches this principal or group, itself or through groups. */
export async function isAdmin(directory: Directory, resource: Resource): Promise<boolean> {
  if (valuesOf(resource.roles).includes(adminRole)) return true;
  return reached({ people: new Map(), groups: await directory.adminGroups() }).has(String(resource.id));
}
