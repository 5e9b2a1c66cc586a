// Reads attributes of a rendered SCIM resource: does a filter hold, and how do two resources sort. Pure; changes nothing.

import { scimRefusal } from '../errors.js';
import { isObject, type Json, type JsonObject } from '../json.js';
import type { Filter } from './filter.js';
import { type AttributePath, findAttribute, type Schema } from './schema.js';

type Test = (resource: JsonObject) => boolean;

/** Checks every path of the filter first, so that a typo is refused even when there is nothing to filter. */
export function compileFilter(filter: Filter, schema: Schema): Test {
  if (filter.kind !== 'compare') {
    const left = compileFilter(filter.left, schema);
    const right = compileFilter(filter.right, schema);
    return filter.kind === 'and' ? (one) => left(one) && right(one) : (one) => left(one) || right(one);
  }
  const path = findAttribute(schema, filter.path);
  if (!path) throw scimRefusal('invalidFilter', `Invalid filter: unknown attribute '${filter.path}'.`);
  const fold = foldFor(path);
  const wanted = fold(filter.value);
  const compare = {
    eq: (actual: string) => actual === wanted,
    co: (actual: string) => actual.includes(wanted),
    sw: (actual: string) => actual.startsWith(wanted),
  };
  const { operator } = filter;
  return (resource) => {
    const actual = valuesAt(resource, path).map(fold);
    // "ne" on a multi-valued or absent attribute: none of its values is the given one.
    return operator === 'ne' ? !actual.some(compare.eq) : actual.some(compare[operator]);
  };
}

export function sortResources(
  resources: JsonObject[],
  schema: Schema,
  sortBy: string,
  descending: boolean,
): JsonObject[] {
  const path = findAttribute(schema, sortBy);
  if (!path) throw scimRefusal('invalidPath', `Unknown sortBy attribute '${sortBy}'.`);
  const fold = foldFor(path);
  const keyed = resources.map((resource) => ({ resource, key: valuesAt(resource, path).map(fold)[0] }));
  keyed.sort((left, right) => {
    // Resources without the attribute come last in ascending order (RFC 7644 section 3.4.2.3).
    if (left.key === undefined || right.key === undefined)
      return Number(left.key === undefined) - Number(right.key === undefined);
    return left.key < right.key ? -1 : Number(left.key > right.key);
  });
  const sorted = keyed.map(({ resource }) => resource);
  return descending ? sorted.reverse() : sorted;
}

function foldFor({ attribute }: AttributePath): (value: Json) => string {
  return attribute.exactCase ? String : (value) => String(value).toLowerCase();
}

/** The scalar values a path points at. A multi-valued attribute without a sub-attribute means its `value`. */
function valuesAt(resource: JsonObject, { attribute, sub }: AttributePath): Json[] {
  const held = resource[attribute.name];
  const entries = Array.isArray(held) ? held : [held];
  const leaf = sub ?? (attribute.kind === 'values' ? 'value' : undefined);
  const values = leaf === undefined ? entries : entries.map((entry) => (isObject(entry) ? entry[leaf] : undefined));
  return values.filter((value) => value !== undefined);
}
