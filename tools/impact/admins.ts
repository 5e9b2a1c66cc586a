/**
 * Who is account admin, and who would be after a change. A small picture of the account: people with their own roles, and
 * the groups that carry the role or pass it on, however deep. Pure; `directory.ts` reads it.
 */
import { adminRole } from './resource.js';

export interface Person {
  readonly kind: 'user' | 'service principal';
  readonly active: boolean;
  readonly roles: readonly string[];
}

export interface Group {
  readonly roles: readonly string[];
  /** Ids of users, service principals and groups. */
  readonly members: readonly string[];
}

export interface Admins {
  readonly people: ReadonlyMap<string, Person>;
  readonly groups: ReadonlyMap<string, Group>;
}

/** Everyone and every group that the role reaches, itself or through groups. */
export function reached({ people, groups }: Admins): ReadonlySet<string> {
  const carriers = [...people, ...groups].filter(([, { roles }]) => roles.includes(adminRole)).map(([id]) => id);
  const found = new Set<string>();
  for (let open = carriers; open.length > 0; ) {
    const fresh = open.filter((id) => !found.has(id));
    for (const id of fresh) found.add(id);
    open = fresh.flatMap((id) => groups.get(id)?.members ?? []);
  }
  return found;
}

/** Account admins who can sign in as people. */
export function adminUsers(admins: Admins): readonly string[] {
  const ids = reached(admins);
  return [...admins.people].filter(([id, who]) => who.kind === 'user' && who.active && ids.has(id)).map(([id]) => id);
}

/** The picture with one person as given; without, that person is deleted. */
export function withPerson(admins: Admins, id: string, person: Person | undefined): Admins {
  if (person === undefined) return without(admins, id);
  return { ...admins, people: new Map(admins.people).set(id, person) };
}

/** The picture with one group as given; without, that group is deleted. */
export function withGroup(admins: Admins, id: string, group: Group | undefined): Admins {
  if (group === undefined) return without(admins, id);
  return { ...admins, groups: new Map(admins.groups).set(id, group) };
}

function without({ people, groups }: Admins, id: string): Admins {
  const left = [...groups]
    .filter(([group]) => group !== id)
    .map(([group, { roles, members }]): [string, Group] => [
      group,
      { roles, members: members.filter((member) => member !== id) },
    ]);
  return { people: new Map([...people].filter(([person]) => person !== id)), groups: new Map(left) };
}
