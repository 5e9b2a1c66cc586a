// The value of a PATCH operation. Official clients send the same value as a bare scalar, as an object and as [{"value": ...}];
// all three mean the same and are reduced to one form here.

import { scimRefusal } from '../errors.js';
import { isObject, type Json } from '../json.js';
import { type Attribute, sameName } from './schema.js';

export function textFrom(value: Json | undefined, name: string): string {
  const single = unwrap(value);
  if (typeof single !== 'string') throw scimRefusal('invalidValue', `The value of '${name}' must be a string.`);
  return single;
}

export function flagFrom(value: Json | undefined, name: string): boolean {
  const single = unwrap(value);
  const word = typeof single === 'string' ? single.toLowerCase() : single;
  if (word === true || word === 'true') return true;
  if (word === false || word === 'false') return false;
  throw scimRefusal('invalidValue', `The value of '${name}' must be true or false.`);
}

export function valuesFrom(value: Json, name: string): string[] {
  const entries = Array.isArray(value) ? value : [value];
  return entries.map((entry) => {
    const single = isObject(entry) ? entry.value : entry;
    if (typeof single !== 'string' || single === '')
      throw scimRefusal('invalidValue', `The values of '${name}' must be strings.`);
    return single;
  });
}

export function partsFrom(value: Json | undefined, attribute: Attribute): Record<string, string> {
  if (!isObject(value)) throw scimRefusal('invalidValue', `The value of '${attribute.name}' must be an object.`);
  const parts = Object.entries(value).map(([part, given]) => {
    const sub = attribute.subs?.find((known) => sameName(known, part));
    if (sub === undefined) throw scimRefusal('invalidPath', `'${attribute.name}' has no sub-attribute '${part}'.`);
    return [sub, textFrom(given, `${attribute.name}.${sub}`)] as const;
  });
  return Object.fromEntries(parts);
}

function unwrap(value: Json | undefined): Json | undefined {
  const first = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return isObject(first) ? first.value : first;
}
