/** One text for equal values: JSON with sorted keys, for hashes and for comparing calls. Pure. */
import { encodeJson, isObject } from './json.js';

/** A bigint is written as its digits. Fields that are undefined count as absent. */
export const canonicalJson = (value: unknown): string => encodeJson(sorted(value));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  // Not by locale: the order must be the same on every machine.
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
