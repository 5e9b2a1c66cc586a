// Which members a SCIM PATCH of a group names, whether or not it changes anything. Reads bodies the handler has accepted.

import { isObject, type Json } from '../json.js';

const PATH = /^\s*(?:urn:[^[\]]*:)?members\s*(\[.*\])?\s*$/is;

/** The ids in order; undefined when the request is about anything else as well. */
export function membersNamed(body: unknown): string[] | undefined {
  const operations = isObject(body) ? body.Operations : undefined;
  if (!Array.isArray(operations)) return undefined;
  const ids: string[] = [];
  for (const operation of operations) {
    if (!isObject(operation)) return undefined;
    const { path, value } = operation;
    const parts: [string, Json | undefined][] =
      typeof path === 'string' && path !== ''
        ? [[path, value]]
        : isObject(value)
          ? Object.entries(value)
          : [['', null]];
    for (const [name, given] of parts) {
      const match = PATH.exec(name);
      if (!match) return undefined;
      ids.push(...[...(match[1] ?? '').matchAll(/"([^"]*)"/g)].map((found) => found[1] ?? ''), ...idsIn(given));
    }
  }
  return [...new Set(ids)];
}

function idsIn(value: Json | undefined): string[] {
  const entries = Array.isArray(value) ? value : [value];
  return entries.map((entry) => (isObject(entry) ? entry.value : entry)).filter((entry) => typeof entry === 'string');
}
