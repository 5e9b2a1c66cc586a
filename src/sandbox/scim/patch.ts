// SCIM PATCH: reads the operations and applies them to a draft. All or nothing: a refused operation leaves the caller's draft unused.
// Stores nothing and knows no resource type beyond its schema.

import { scimRefusal } from '../errors.js';
import type { Json, JsonObject } from '../json.js';
import { list, type Reader, shape, text } from '../readers.js';
import { asScim, type Draft } from './draft.js';
import { parsePatchPath, type Target } from './patch-path.js';
import { flagFrom, partsFrom, textFrom, valuesFrom } from './patch-value.js';
import type { Schema } from './schema.js';

const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
type Verb = 'add' | 'remove' | 'replace';

const anything: Reader<Json> = (value) => value;
const message = shape(
  {
    schemas: list(text(), { min: 1 }),
    Operations: list(shape({ op: text() }, { path: text(), value: anything }), { min: 1 }),
  },
  {},
);

export function applyPatch(before: Draft, body: Json, schema: Schema): Draft {
  const { schemas, Operations } = asScim(() => message(body, ''));
  if (!schemas.includes(PATCH_SCHEMA)) throw scimRefusal('invalidSyntax', `schemas must hold ${PATCH_SCHEMA}.`);
  const draft = { ...before } as JsonObject;
  for (const { op, path, value } of Operations) {
    const verb = op.toLowerCase();
    if (verb !== 'add' && verb !== 'remove' && verb !== 'replace')
      throw scimRefusal('invalidSyntax', `Unknown op '${op}'.`);
    if (path) applyOne(draft, verb, parsePatchPath(path, schema), value);
    else applyWithoutPath(draft, verb, value, schema);
  }
  return draft as Draft;
}

/** Without a path the value is an object whose fields are paths. */
function applyWithoutPath(draft: JsonObject, verb: Verb, value: Json | undefined, schema: Schema): void {
  if (verb === 'remove') throw scimRefusal('noTarget', 'A remove operation needs a path.');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw scimRefusal('invalidValue', 'An operation without a path needs an object as its value.');
  }
  for (const [name, part] of Object.entries(value)) applyOne(draft, verb, parsePatchPath(name, schema), part);
}

function applyOne(draft: JsonObject, verb: Verb, target: Target, value: Json | undefined): void {
  const { attribute, sub } = target;
  // Documented: userName and emails are accepted and change nothing.
  if (attribute.writes === 'ignored') return;
  if (attribute.writes === 'fixed') throw scimRefusal('mutability', `Attribute '${attribute.name}' cannot be changed.`);
  if (verb !== 'remove' && value === undefined)
    throw scimRefusal('invalidValue', `The ${verb} of '${attribute.name}' has no value.`);
  if (attribute.kind === 'values') applyToValues(draft, verb, target, value);
  else if (attribute.kind === 'complex') applyToParts(draft, verb, target, value);
  else if (sub !== undefined || target.holds)
    throw scimRefusal('invalidPath', `'${attribute.name}' has no sub-attributes.`);
  else if (verb === 'remove') delete draft[attribute.name];
  else
    draft[attribute.name] =
      attribute.kind === 'flag' ? flagFrom(value, attribute.name) : textFrom(value, attribute.name);
}

function applyToValues(draft: JsonObject, verb: Verb, { attribute, holds }: Target, value: Json | undefined): void {
  const { name } = attribute;
  const current = (draft[name] ?? []) as string[];
  const given = value === undefined || value === null ? [] : valuesFrom(value, name);
  const kept = holds ? current.filter((one) => !holds(one)) : [];
  if (verb === 'add' && holds) throw scimRefusal('invalidPath', 'An add operation takes no value filter.');
  if (verb === 'replace' && holds && kept.length === current.length) {
    throw scimRefusal('noTarget', `No value of '${name}' matches the path.`);
  }
  if (verb === 'add') draft[name] = [...new Set([...current, ...given])];
  else if (verb === 'replace') draft[name] = [...new Set([...kept, ...given])];
  // Removing what is not there is no error. Identity providers name the values to remove without a filter.
  else draft[name] = !holds && given.length > 0 ? current.filter((one) => !given.includes(one)) : kept;
}

function applyToParts(draft: JsonObject, verb: Verb, { attribute, sub }: Target, value: Json | undefined): void {
  const current = (draft[attribute.name] ?? {}) as JsonObject;
  if (sub === undefined) {
    const given = verb === 'remove' ? {} : partsFrom(value, attribute);
    draft[attribute.name] = verb === 'add' ? { ...current, ...given } : given;
  } else {
    const { [sub]: _dropped, ...rest } = current;
    draft[attribute.name] = verb === 'remove' ? rest : { ...rest, [sub]: textFrom(value, `${attribute.name}.${sub}`) };
  }
}
