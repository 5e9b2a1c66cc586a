/**
 * The unified answers that take more than one request: memberships, members, roles. Every scan is bounded, and whoever
 * hits the bound says so: a cut answer must not look like a whole one.
 */
import type { Composition } from './action.js';
import { getGroup, listGroups } from './groups.js';
import { listServicePrincipals } from './service-principals.js';
import { nextIndex, type ScimList } from './unified-answer.js';
import type { Scim } from './unified-model.js';
import * as model from './unified-model.js';
import { listUsers } from './users.js';

/** Groups read in full for one answer. */
const groupBound = { count: 100, pages: 2 };

/** Identities read per collection for one answer; 1000 a page. */
const roleBound = { count: 1000, pages: 20 };

/** Requests under way at the same time: quick enough, and no burst that runs into the rate limit. */
const atOnce = 8;

export interface GroupScan {
  readonly groups: readonly { readonly members: Scim; readonly unified: { readonly id: string | null } }[];
  readonly note: string | undefined;
}

/** Groups with their members. The only way to a user's memberships: account users come without their groups. */
export async function scanGroups(with_: Composition): Promise<GroupScan> {
  const { records, cut } = await readAll(with_, listGroups, { count: groupBound.count }, groupBound.pages);
  const whole = await inFull(with_, records);
  return {
    groups: whole.map((group) => ({ members: group, unified: model.wholeGroup(group, with_.accountId) })),
    note: cut ? `Only the first ${records.length} groups were read; memberships in others are missing.` : undefined,
  };
}

/** The groups of a user: those Databricks sends with it, in full where the scan has them, else those of the scan. */
export function membershipsIn(scan: GroupScan | undefined, user: Scim): readonly object[] | null {
  const sent = model.sentGroups(user);
  if (scan === undefined) return sent;
  if (sent === null)
    return scan.groups.filter(({ members }) => model.hasMember(members, user.id)).map((g) => g.unified);
  return sent.map((group) => scan.groups.find(({ unified }) => unified.id === group.id)?.unified ?? group);
}

/** The same groups with members, one request each: lists of groups come without. */
export async function inFull(with_: Composition, groups: readonly Scim[]): Promise<Scim[]> {
  const whole: Scim[] = [];
  for (let first = 0; first < groups.length; first += atOnce) {
    const batch = groups.slice(first, first + atOnce);
    const answers = await Promise.all(batch.map((group) => with_.call(getGroup, { id: String(group.id) })));
    whole.push(...answers.map(({ data }) => model.record(data)));
  }
  return whole;
}

/** Every role somebody holds and the built-in one, sorted by value. */
export async function scanRoles(with_: Composition): Promise<{ roles: readonly Scim[]; note: string | undefined }> {
  const query = { attributes: 'id,roles', count: roleBound.count };
  const collections = await Promise.all(
    [listUsers, listGroups, listServicePrincipals].map((list) => readAll(with_, list, query, roleBound.pages)),
  );
  const distinct = new Map<string, Scim>([[model.builtInRole.value, model.builtInRole]]);
  for (const role of collections.flatMap(({ records }) => records).flatMap((holder) => model.records(holder.roles))) {
    const { value } = role;
    if (typeof value === 'string' && value !== '' && !distinct.has(value)) distinct.set(value, role);
  }
  const cut = collections.some((collection) => collection.cut);
  return {
    roles: [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, role]) => role),
    note: cut ? 'Not all identities were read, there are too many; roles may be missing.' : undefined,
  };
}

/** The smallest authenticated read: that the account answers makes its id a fact. */
export async function proveAccount(with_: Composition): Promise<void> {
  await with_.call(listGroups, { count: 1 });
}

/** Reads a collection page by page, up to a bound. */
async function readAll(
  with_: Composition,
  list: ScimList,
  query: { count: number; attributes?: string },
  pages: number,
) {
  const records: Scim[] = [];
  let startIndex: number | undefined;
  for (let page = 1; page <= pages; page += 1) {
    const answer = await with_.call(list, { ...query, ...(startIndex !== undefined && { startIndex }) });
    records.push(...model.records(answer.data));
    startIndex = nextIndex(answer.nextPage);
    if (startIndex === undefined) return { records, cut: false };
  }
  return { records, cut: true };
}
