// A draft is what a client wants a SCIM resource to be: only the writable attributes, in one plain form, whichever way they came
// (POST and PUT bodies here, PATCH operations in patch.ts). Reads strictly; stores nothing.

import { Refusal, scimRefusal } from '../errors.js';
import { isObject, type Json, type JsonObject } from '../json.js';
import { flag, list, type Reader, shape, text } from '../readers.js';
import { type Attribute, findAttribute, refuseEntitlements, type Schema } from './schema.js';

export interface Draft {
  userName?: string;
  applicationId?: string;
  displayName?: string;
  externalId?: string;
  active?: boolean;
  name?: { givenName?: string; familyName?: string };
  roles?: string[];
  members?: string[];
}

const entry = shape({ value: text({ min: 1 }) }, { display: text(), type: text(), primary: flag(), $ref: text() });

export function readDraft(body: Json, schema: Schema): Draft {
  if (!isObject(body)) throw scimRefusal('invalidSyntax', 'The request body must be a JSON object.');
  const draft: JsonObject = {};
  for (const [name, value] of Object.entries(body)) {
    refuseEntitlements(name);
    if (name === 'schemas') asScim(() => list(text())(value, name));
    else if (value !== null) readAttribute(draft, schema, name, value);
  }
  return draft as Draft;
}

function readAttribute(draft: JsonObject, schema: Schema, name: string, value: Json): void {
  const attribute = findAttribute(schema, name)?.attribute;
  if (!attribute || name.includes('.')) throw scimRefusal('invalidSyntax', `Unknown attribute '${name}'.`);
  const read = asScim(() => readerFor(attribute)(value, attribute.name));
  draft[attribute.name] = attribute.kind === 'values' ? valuesOf(read as { value: string }[]) : (read as Json);
}

function readerFor(attribute: Attribute): Reader<unknown> {
  if (attribute.kind === 'flag') return flag();
  if (attribute.kind === 'text') return text();
  if (attribute.kind === 'values') return list(entry);
  return shape({}, Object.fromEntries((attribute.subs ?? []).map((sub) => [sub, text()])));
}

export const valuesOf = (entries: readonly { value: string }[]): string[] => [
  ...new Set(entries.map(({ value }) => value)),
];

/** The shared readers speak the standard API's language; SCIM wants its own keyword. */
export function asScim<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) throw scimRefusal('invalidValue', error.message);
    throw error;
  }
}
