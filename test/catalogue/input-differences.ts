/**
 * Compares the arguments an action takes with the fields its reference names, and words each difference. It knows the
 * few general rules (wrappers, 64-bit ids); what is allowed to differ is listed in the test.
 */
import type { JsonSchema } from '../../src/core/schema.js';
import type { ReferenceAction, ReferenceField } from './reference.js';

/** Body objects of one key that the declaration adds: their fields are the action's arguments. */
const wrappers = new Set(['log_delivery_configuration', 'budget', 'metastore_info', 'metastore_assignment']);

/** 64-bit ids, shown as strings of digits because a JSON number loses them above 2^53. */
const int64 = /^(workspace_id|.*principal_id|workspace_ids_filter\[\]|.*workspace_id\.values\[\])$/;

/** JSON type of each type the reference uses, of the items for arrays. */
const jsonTypes: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'integer',
  boolean: 'boolean',
  object: 'object',
  any: 'any',
  'date-time': 'string',
  'string (comma separated)': 'string',
  'string (integer)': 'integer',
  'object (deepObject)': 'object',
};

/** The arguments the reference calls for: the action's own ones, or path, query and body in one object. */
export function expectedInputs(action: ReferenceAction): readonly ReferenceField[] {
  if (action.action_inputs !== null) return action.action_inputs;
  const body = action.body.flatMap((field) => (wrappers.has(field.name) ? (field.fields ?? []) : [field]));
  const needed = new Set(action.required_by_server_or_practice);
  const once = new Map<string, ReferenceField>();
  for (const field of [...action.path_params, ...action.query, ...body]) {
    if (!once.has(field.name))
      once.set(field.name, { ...field, required: (field.required ?? false) || needed.has(field.name) });
  }
  return [...once.values()];
}

/** One line per difference, e.g. `filter.tags[].key: required here only`. */
export function inputDifferences(action: ReferenceAction, schema: JsonSchema): string[] {
  return compareObject('', expectedInputs(action), schema);
}

function compareObject(at: string, expected: readonly ReferenceField[], schema: JsonSchema): string[] {
  const properties = schema.properties ?? {};
  const names = new Set(expected.map((field) => field.name));
  const extra = Object.keys(properties).filter((name) => !names.has(name));
  return [
    ...extra.map((name) => `${at}${name}: not in the reference`),
    ...expected.flatMap((field) => {
      const path = `${at}${field.name}`;
      const property = properties[field.name];
      if (property === undefined) return [`${path}: missing`];
      return [...compareRequired(path, field, schema), ...compareValue(path, field, property)];
    }),
  ];
}

function compareRequired(path: string, field: ReferenceField, schema: JsonSchema): string[] {
  const here = schema.required?.includes(field.name) ?? false;
  if (here === (field.required ?? false)) return [];
  return [`${path}: required ${here ? 'here' : 'in the reference'} only`];
}

function compareValue(path: string, field: ReferenceField, schema: JsonSchema): string[] {
  const itemType = /^array<(.+)>$/.exec(field.type)?.[1];
  if (itemType === undefined) return compareScalar(path, field.type, field, schema);
  if (schema.type !== 'array') return [`${path}: array in the reference, ${schema.type} here`];
  return compareScalar(`${path}[]`, itemType, field, schema.items ?? {});
}

function compareScalar(path: string, type: string, field: ReferenceField, schema: JsonSchema): string[] {
  const expected = type === 'integer' && int64.test(path) ? 'string' : (jsonTypes[type] ?? type);
  if (schema.type !== expected) return [`${path}: ${expected} in the reference, ${schema.type} here`];
  const values = compareEnum(path, field.enum, schema.enum);
  return field.fields === undefined ? values : [...values, ...compareObject(`${path}.`, field.fields, schema)];
}

function compareEnum(path: string, expected: readonly string[] = [], actual: readonly string[] = []): string[] {
  return [
    ...expected.filter((value) => !actual.includes(value)).map((value) => `${path}: value ${value} missing`),
    ...actual
      .filter((value) => !expected.includes(value))
      .map((value) => `${path}: value ${value} not in the reference`),
  ];
}
