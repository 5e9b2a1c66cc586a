/** Who an id stands for, where it may be a user, a service principal or a group. */
import type { Look } from '../action.js';
import { getGroup } from '../reads/groups.js';
import { getServicePrincipal } from '../reads/service-principals.js';
import { getUser } from '../reads/users.js';
import { nameOf, type Resource, resourceOf } from './resource.js';

export interface Principal {
  readonly kind: 'user' | 'service principal' | 'group';
  readonly id: string;
  readonly name?: string;
  readonly resource: Resource;
}

/** Null where nothing has this id; undefined where that cannot be told. */
export async function principalWith(look: Look, id: string): Promise<Principal | null | undefined> {
  // Anything else is no SCIM id and would only be refused.
  if (!/^\d{1,19}$/.test(id)) return null;
  const tries = [
    ['user', () => look.tryRead(getUser, { id })],
    ['service principal', () => look.tryRead(getServicePrincipal, { id })],
    ['group', () => look.tryRead(getGroup, { id })],
  ] as const;
  let isCertain = true;
  for (const [kind, read] of tries) {
    const data = await read();
    if (data === undefined) isCertain = false;
    else if (data !== null) return principal(kind, id, resourceOf(data));
  }
  return isCertain ? null : undefined;
}

function principal(kind: Principal['kind'], id: string, resource: Resource): Principal {
  const name = nameOf(resource);
  return { kind, id, ...(name !== undefined && { name }), resource };
}

/** Names of some members; more than a few are not worth their requests. */
export async function memberNames(look: Look, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(ids.slice(0, 5).map((id) => principalWith(look, id)));
  return new Map(found.flatMap((each) => (each?.name === undefined ? [] : [[each.id, each.name] as const])));
}
