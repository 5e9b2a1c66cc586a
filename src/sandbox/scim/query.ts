// The query side of SCIM: filter, sort, page and projection of rendered resources.

import { scimRefusal } from '../errors.js';
import type { JsonObject } from '../json.js';
import { integerWord } from '../query-readers.js';
import { text, type Values } from '../readers.js';
import { parseFilter } from './filter.js';
import { compileFilter, sortResources } from './match.js';
import { findAttribute, type Schema, sameName } from './schema.js';

/** The server's default; the SDKs always name a count. [reference: a third-party guide, unconfirmed] */
const DEFAULT_COUNT = 100;
const MOST_PER_PAGE = 10_000;

export const projectionQuery = { attributes: text(), excludedAttributes: text() };
export const listQuery = {
  ...projectionQuery,
  filter: text(),
  sortBy: text(),
  sortOrder: text(),
  startIndex: integerWord(),
  count: integerWord(),
};

export function listResources(all: JsonObject[], query: Values<typeof listQuery>, schema: Schema): JsonObject {
  const { filter, sortBy, sortOrder = 'ascending' } = query;
  if (sortOrder !== 'ascending' && sortOrder !== 'descending') {
    throw scimRefusal('invalidValue', "sortOrder must be 'ascending' or 'descending'.");
  }
  const found = filter ? all.filter(compileFilter(parseFilter(filter), schema)) : all;
  const sorted = sortBy ? sortResources(found, schema, sortBy, sortOrder === 'descending') : found;
  const startIndex = Math.max(1, query.startIndex ?? 1);
  const count = Math.min(MOST_PER_PAGE, Math.max(0, query.count ?? DEFAULT_COUNT));
  const page = sorted.slice(startIndex - 1, startIndex - 1 + count);
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: found.length,
    startIndex,
    itemsPerPage: page.length,
    Resources: page.map((resource) => project(resource, query, schema)),
  };
}

/** Unknown names are ignored: Terraform asks for workspace-level attributes at the account level, too. */
export function project(resource: JsonObject, query: Values<typeof projectionQuery>, schema: Schema): JsonObject {
  const wanted = pathsOf(query.attributes);
  const excluded = pathsOf(query.excludedAttributes);
  const projected: JsonObject = {};
  for (const [name, value] of Object.entries(resource)) {
    const subs = findAttribute(schema, name)?.attribute.subs ?? [];
    const named = (paths: string[]) => paths.some((path) => sameName(path, name));
    const namedSubs = (paths: string[]) => subs.filter((sub) => paths.some((path) => sameName(path, `${name}.${sub}`)));
    if (name === 'id') projected[name] = value;
    else if (named(excluded)) continue;
    else if (wanted.length === 0 || named(wanted)) projected[name] = without(value, namedSubs(excluded));
    else if (namedSubs(wanted).length > 0) projected[name] = only(value, namedSubs(wanted));
  }
  return projected;
}

const pathsOf = (names: string | undefined): string[] => (names ? names.split(',').map((name) => name.trim()) : []);
const only = (value: JsonObject[string], subs: string[]) => onParts(value, (sub) => subs.includes(sub));
const without = (value: JsonObject[string], subs: string[]) =>
  subs.length === 0 ? value : onParts(value, (sub) => !subs.includes(sub));

function onParts(value: JsonObject[string], keep: (sub: string) => boolean): JsonObject[string] {
  if (Array.isArray(value)) return value.map((entry) => onParts(entry, keep));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([sub]) => keep(sub)));
}
