/**
 * The reads behind the questions about identities, each made once per look: who signs in, which groups carry the admin
 * role or pass it on, who may sign in. Group lists come without members, so groups are read one by one, from the top.
 */
import type { Look } from '../action.js';
import { getGroup, listGroups } from '../reads/groups.js';
import { listServicePrincipals } from '../reads/service-principals.js';
import { listUsers } from '../reads/users.js';
import { quoted as literal } from '../scim.js';
import type { Group, Person } from './admins.js';
import { itemsOf } from './facts.js';
import { adminRole, type Resource, resourceOf, valuesOf } from './resource.js';

export interface Own {
  readonly id: string;
  readonly person: Person;
}

export interface Directory {
  /** The service principal that signs in; undefined where the account does not show it. */
  own(): Promise<Own | undefined>;
  /** Whether the account shows the service principal that signs in, where that may not be readable. */
  tryOwn(): Promise<Own | undefined>;
  /** All users that can be admin or not. Many requests in a large account: only where it matters. */
  users(): Promise<ReadonlyMap<string, Person>>;
  /** All groups, without members. */
  listed(): Promise<readonly Resource[]>;
  /** One group with members; null where there is none. */
  group(id: string): Promise<Resource | null>;
  /** The groups that carry the admin role, these ones, and all that are nested in them. */
  adminGroups(also?: readonly string[]): Promise<ReadonlyMap<string, Group>>;
}

export function createDirectory(look: Look): Directory {
  const groups = new Map<string, Promise<Resource | null>>();
  const ownQuery = { filter: `applicationId eq ${literal(look.clientId)}` };

  const directory: Directory = {
    own: once(async () => ownIn(await look.read(listServicePrincipals, ownQuery), look.clientId)),
    tryOwn: once(async () => ownIn(await look.tryRead(listServicePrincipals, ownQuery), look.clientId)),
    users: once(async () => {
      const users = await look.read(listUsers, { attributes: 'id,active,roles', count: 1000 });
      return new Map(itemsOf(users).map((user) => [String(user.id), personOf(user, 'user')]));
    }),
    listed: once(async () =>
      itemsOf(await look.read(listGroups, { attributes: 'id,displayName,roles', count: 1000 })).map(resourceOf),
    ),
    group(id) {
      const known =
        groups.get(id) ?? look.read(getGroup, { id }).then((data) => (data === null ? null : resourceOf(data)));
      groups.set(id, known);
      return known;
    },
    async adminGroups(also = []) {
      const listed = await directory.listed();
      const ids = new Set(listed.map(({ id }) => String(id)));
      const carriers = listed.filter(({ roles }) => valuesOf(roles).includes(adminRole)).map(({ id }) => String(id));
      const found = new Map<string, Group>();
      for (let open = [...carriers, ...also.filter((id) => ids.has(id))]; open.length > 0; ) {
        const fresh = [...new Set(open)].filter((id) => !found.has(id));
        const whole = await Promise.all(fresh.map((id) => directory.group(id)));
        for (const [index, group] of whole.entries()) found.set(fresh[index] ?? '', groupOf(group ?? {}));
        open = fresh.flatMap((id) => found.get(id)?.members ?? []).filter((member) => ids.has(member));
      }
      return found;
    },
  };
  return directory;
}

/** A flag that is missing counts as inactive: nobody is left in charge on a guess. */
export function personOf(record: Resource, kind: Person['kind']): Person {
  return { kind, active: record.active === true, roles: valuesOf(record.roles) };
}

export const groupOf = (resource: Resource): Group => ({
  roles: valuesOf(resource.roles),
  members: valuesOf(resource.members),
});

function ownIn(list: unknown, clientId: string): Own | undefined {
  const own = itemsOf(list).find(({ applicationId }) => isSame(applicationId, clientId));
  return own && { id: String(own.id), person: personOf(own, 'service principal') };
}

/** Application ids are UUIDs: letters of either case. */
export const isSame = (applicationId: unknown, clientId: string): boolean =>
  typeof applicationId === 'string' && applicationId.toLowerCase() === clientId.toLowerCase();

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= read();
    return answer;
  };
}
