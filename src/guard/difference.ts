/** What would change between two JSON values, field by field, for dry runs and for people. Pure and bounded. */
import { encodeJson, isObject } from '../core/json.js';
import { oneLine } from '../core/visible.js';
import { fieldPath } from '../core/visible-json.js';

export interface Change {
  /** A path such as `members["5"].display`; of the last one perhaps how many more there are. */
  readonly field: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

/** Below this, values are compared as a whole. */
const deepest = 8;

/** Values looked at. Objects of the account have a few hundred; whoever has more is told that there are more. */
const mostValues = 50_000;

/** Fields by which items of a list are told apart, the first that all have. */
const identities = ['id', 'value', 'principal_id', 'name', 'key'];

/**
 * The fields in which `after` differs from `before`, at most `most`; what is left out is counted in the last one.
 * Items of a list are compared by what names them, else plain ones as a set and others by position. Absent and null
 * are the same, and so are a number and its digits: that is how long ids travel.
 */
export function difference(before: unknown, after: unknown, most = 20): readonly Change[] {
  const changes: Change[] = [];
  let found = 0;
  let looked = 0;
  const add = (field: string, from: unknown, to: unknown) => {
    found += 1;
    if (changes.length < most)
      changes.push({ field: field || 'value', ...(isThere(from) && { from }), ...(isThere(to) && { to }) });
  };
  const compare = (from: unknown, to: unknown, path: string, depth: number): void => {
    looked += 1;
    if (looked > mostValues) return;
    if (depth < deepest && Array.isArray(from) && Array.isArray(to)) compareLists(from, to, path, depth);
    else if (depth < deepest && isObject(from) && isObject(to)) {
      for (const key of new Set([...Object.keys(from), ...Object.keys(to)]))
        compare(own(from, key), own(to, key), fieldPath(path, key), depth + 1);
    } else if (!isSame(from, to)) add(path, from, to);
  };
  const compareLists = (from: readonly unknown[], to: readonly unknown[], path: string, depth: number) => {
    const by = identityOf(from, to);
    const key = by === undefined ? undefined : (item: unknown) => plain((item as Record<string, unknown>)[by]);
    const asSet = [...from, ...to].every((item) => typeof item !== 'object' || item === null);
    const [left, right] = [keyed(from, key, asSet), keyed(to, key, asSet)];
    for (const name of new Set([...left.keys(), ...right.keys()])) {
      const at = asSet ? path : `${path}[${key === undefined ? name : oneLine(name, 60)}]`;
      compare(left.get(name), right.get(name), at, depth + 1);
    }
  };
  compare(before, after, '', 0);
  if (looked <= mostValues && found <= most) return changes;
  const kept = changes.slice(0, Math.max(0, most - 1));
  const more = looked > mostValues ? 'and more fields' : `and ${found - kept.length} more fields`;
  return [...kept, { field: more }];
}

const isThere = (value: unknown) => value !== undefined && value !== null;

const own = (value: Record<string, unknown>, key: string) => (Object.hasOwn(value, key) ? value[key] : undefined);

/** A plain value as text; ids as their digits. */
const plain = (value: unknown): string => (typeof value === 'string' ? value : encodeJson(value));

function isSame(from: unknown, to: unknown): boolean {
  if (!isThere(from) || !isThere(to)) return isThere(from) === isThere(to);
  if (typeof from === 'object' || typeof to === 'object') return encodeJson(from) === encodeJson(to);
  if (typeof from === 'boolean' || typeof to === 'boolean') return from === to;
  return plain(from) === plain(to);
}

/** The field that tells all items of both lists apart. */
function identityOf(from: readonly unknown[], to: readonly unknown[]): string | undefined {
  return identities.find((name) =>
    [from, to].every((items) => {
      const values = items.map((item) => (isObject(item) ? own(item, name) : undefined));
      const areNames = values.every((value) => ['string', 'number', 'bigint'].includes(typeof value));
      return areNames && new Set(values.map(plain)).size === values.length;
    }),
  );
}

/** Items under their names; under their values where they are a set; else under their positions. */
function keyed(items: readonly unknown[], key: ((item: unknown) => string) | undefined, asSet: boolean) {
  return new Map(items.map((item, index) => [asSet ? plain(item) : (key?.(item) ?? String(index)), item]));
}
