/**
 * What the body of a request looks like, as a JSON Schema. A declaration's own function builds the body from
 * placeholders instead of arguments, so that what it adds or wraps is said nowhere twice. Pure.
 */
import type { HttpAction } from '../../../tools/index.js';
import type { JsonSchema } from '../../core/schema.js';

/** Stands in the place of an argument; in a text it shows as its name. */
class Placeholder {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly required: boolean;

  constructor(name: string, schema: JsonSchema, required: boolean) {
    this.name = name;
    this.schema = schema;
    this.required = required;
  }

  toString(): string {
    return `<${this.name}>`;
  }
}

export function bodySchema(action: HttpAction, input: JsonSchema): JsonSchema {
  const given = Object.fromEntries(
    Object.entries(input.properties ?? {}).map(([name, schema]) => [
      name,
      new Placeholder(name, schema, input.required?.includes(name) === true),
    ]),
  );
  const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !action.params.includes(name)));
  return schemaOf(action.body === undefined ? rest : action.body(rest, given));
}

function schemaOf(value: unknown): JsonSchema {
  if (value instanceof Placeholder) return value.schema;
  if (typeof value === 'string') return textSchema(value);
  if (Array.isArray(value)) return { type: 'array', items: schemaOf(value[0]) };
  return objectSchema(value as object);
}

/** A text with an argument in it varies; any other is always the same. */
const textSchema = (text: string): JsonSchema =>
  /<\w+>/.test(text) ? { type: 'string', description: text } : { type: 'string', enum: [text] };

/** Whatever the function puts there itself is always there. */
function objectSchema(value: object): JsonSchema {
  const entries = Object.entries(value);
  const required = entries.filter(([, part]) => !(part instanceof Placeholder) || part.required).map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, part]) => [name, schemaOf(part)])),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}
