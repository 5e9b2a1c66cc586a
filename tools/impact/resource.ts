/** SCIM resources as impacts compare them: without what changes by itself or says nothing about access. Pure. */
import { isRecord } from '../settlements.js';

export type Resource = Readonly<Record<string, unknown>>;

/** Written as Databricks writes it: a server may take ` 007` for 7, and then it is not who was looked for here. */
export const isPlainId = (id: string): boolean => /^(?:0|[1-9]\d{0,18})$/.test(id);

/** One element of roles or members. */
export interface Element {
  readonly value: string;
  readonly display?: string;
}

export const adminRole = 'account_admin';

/** In the order a reader wants them; what is not here does not count. */
const kept = ['id', 'userName', 'applicationId', 'displayName', 'name', 'active', 'externalId', 'roles', 'members'];

/** The representation that is kept, compared and restored. Empty lists are left out, as Databricks does. */
export function resourceOf(data: unknown): Resource {
  const record = isRecord(data) ? data : {};
  const entries = kept.map((name): [string, unknown] => [
    name,
    name === 'roles' || name === 'members'
      ? filled(elementsOf(record[name]))
      : name === 'name'
        ? nameParts(record.name)
        : record[name],
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== null));
}

function nameParts(name: unknown): Resource | undefined {
  if (!isRecord(name)) return undefined;
  const parts = ['givenName', 'familyName'].filter((part) => typeof name[part] === 'string');
  return parts.length === 0 ? undefined : Object.fromEntries(parts.map((part) => [part, name[part]]));
}

const filled = (list: readonly Element[]) => (list.length === 0 ? undefined : list);

export function elementsOf(list: unknown): readonly Element[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((each: unknown) => {
    if (!isRecord(each) || each.value === undefined) return [];
    return [{ value: String(each.value), ...(typeof each.display === 'string' && { display: each.display }) }];
  });
}

export const valuesOf = (list: unknown): readonly string[] => elementsOf(list).map(({ value }) => value);

/** What people call it: e-mail address, application id or display name. */
export function nameOf(resource: Resource): string | undefined {
  const name = resource.userName ?? resource.displayName ?? resource.applicationId;
  return typeof name === 'string' ? name : undefined;
}

/** Names of elements where Databricks sends them, their ids otherwise. */
export const namesOf = (list: unknown): readonly string[] =>
  elementsOf(list).map(({ value, display }) => display ?? value);

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** As it is kept and compared: without the names of members, which change with the members. */
export function bare(resource: Resource): Resource {
  return Object.fromEntries(
    Object.entries(resource).map(([name, value]) => [
      name,
      Array.isArray(value) ? elementsOf(value).map((each) => ({ value: each.value })) : value,
    ]),
  );
}
