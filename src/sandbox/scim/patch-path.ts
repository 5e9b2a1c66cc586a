// The path of a PATCH operation: `attribute`, `attribute.sub` or `attribute[value filter]`. Parses only.

import { scimRefusal } from '../errors.js';
import { parseFilter } from './filter.js';
import { compileFilter } from './match.js';
import { type Attribute, findAttribute, refuseEntitlements, type Schema } from './schema.js';

export interface Target {
  readonly attribute: Attribute;
  readonly sub: string | undefined;
  /** Set when the path has a value filter: does it hold for this value? */
  readonly holds: ((value: string) => boolean) | undefined;
}

export function parsePatchPath(path: string, schema: Schema): Target {
  const match = /^([^[\]]+)(?:\[(.+)\](.*))?$/s.exec(path.trim());
  const [, name = '', filter, tail = ''] = match ?? [];
  refuseEntitlements(name.split('.')[0] ?? '');
  const found = findAttribute(schema, name);
  if (!match || !found || tail !== '') throw scimRefusal('invalidPath', `Invalid path '${path}' for ${schema.label}.`);
  if (filter === undefined) return { ...found, holds: undefined };
  if (found.attribute.kind !== 'values' || found.sub !== undefined) {
    throw scimRefusal('invalidPath', `'${name}' takes no value filter.`);
  }
  return { ...found, holds: valueTest(found.attribute, filter, schema) };
}

/** Inside the brackets paths are relative to one entry; stored entries consist of their value alone. */
function valueTest(attribute: Attribute, filter: string, schema: Schema): (value: string) => boolean {
  const relative: Schema = {
    ...schema,
    attributes: [{ name: 'value', kind: 'text', ...(attribute.exactCase ? { exactCase: true } : {}) }],
  };
  const test = compileFilter(parseFilter(filter), relative);
  return (value) => test({ value });
}
