/** One action in full, for a person: what it does, what it needs, what it takes and how to call it. */
import type { Action } from '../../../tools/index.js';
import { canCollect, type JsonSchema, toolSchema } from '../../core/schema.js';
import { product } from '../../version.js';
import { columns, hanging, wrap } from '../layout.js';
import { shortName } from '../names.js';
import { style } from '../terminal.js';
import type { Entry } from './entry.js';
import { coloured } from './list.js';

/** Longer lines are hard to read, however wide the terminal. */
const readable = 100;

export function showing({ area, action }: Entry, width: number): string {
  const columnsWide = Math.min(width, readable);
  const [first, ...others] = action.scopes;
  const schema = toolSchema(action);
  return [
    `${style('bold', action.id)}  ${action.label}`,
    ...hanging('  ', action.description, columnsWide),
    ...(action.setUp === undefined ? [] : hanging('  ', action.setUp, columnsWide)),
    '',
    ...columns([
      ['  area', area],
      ['  scope', [first, ...others, ...(first === 'all-apis' ? [] : ['all-apis'])].join(' or ')],
      ['  risk', coloured(action.risk)],
      ['  clouds', action.clouds.join(', ')],
      ...(action.role === undefined ? [] : [['  role', 'Account admin']]),
      ['  request', requestOf(action)],
      ...answers(action),
    ]),
    '',
    style('bold', 'Arguments'),
    ...argumentLines(schema, '  ', columnsWide),
    '',
    style('bold', 'Try it'),
    `  ${product.name} call ${shortName(action.id)}${example(schema)} --sandbox`,
  ].join('\n');
}

const requestOf = (action: Action) =>
  action.kind === 'http' ? `${action.method} ${action.path}` : 'composed of other reads of this catalogue';

const answers = (action: Action): [string, string][] => {
  if (action.kind === 'http' && action.returns.as === 'csv') return [['  answer', 'a file, and its totals']];
  if (action.kind === 'http' && action.secret !== undefined) {
    return [['  answer', `${action.secret.field} goes to a private file, never into the answer`]];
  }
  return canCollect(action) ? [['  answer', 'one page, or with all=true the pages together']] : [];
};

function argumentLines(schema: JsonSchema, indent: string, width: number): string[] {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) return [`${indent}none`];
  return properties.flatMap(([name, property]) => {
    const required = schema.required?.includes(name) === true;
    const type = `${typeOf(property)}${required ? ', required' : ''}`;
    return [
      `${indent}${style('cyan', name)}  ${required ? style('yellow', type) : style('dim', type)}`,
      ...wrap(told(property), width - indent.length - 4).map((line) => `${indent}    ${line}`),
      ...inside(property, `${indent}    `, width),
    ];
  });
}

function inside(property: JsonSchema, indent: string, width: number): string[] {
  const nested = property.type === 'array' ? property.items : property;
  return nested?.properties === undefined ? [] : argumentLines(nested, indent, width);
}

const typeOf = ({ type = 'any', items }: JsonSchema): string =>
  type === 'array' && items !== undefined ? `list of ${typeOf(items)}` : type;

function told({ description, enum: choices, items, default: fallback, minimum, maximum }: JsonSchema): string {
  const words = choices ?? items?.enum;
  const range = minimum !== undefined && maximum !== undefined ? `${minimum} to ${maximum}.` : undefined;
  return [
    description,
    words && `One of ${words.join(', ')}.`,
    range,
    fallback !== undefined && `Default ${JSON.stringify(fallback)}.`,
  ]
    .filter((part) => part !== undefined && part !== false)
    .join(' ');
}

/** The required arguments, to be filled in. */
const example = ({ required = [] }: JsonSchema) => required.map((name) => ` ${name}='…'`).join('');
