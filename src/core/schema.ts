/**
 * JSON Schema of an action's arguments, in the subset that every large MCP client accepts: one `type` per node, no
 * references, no choices. What is dropped here (lengths, patterns) is still enforced when the arguments are parsed.
 * There are two views: the whole one, and the terse one that every conversation of a client pays for.
 */
import { z } from 'zod';
import type { Action } from '../../tools/action.js';

export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly additionalProperties?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Collecting pages is an argument of every action that pages; it never reaches Databricks. */
const collectAll = z.boolean().optional();

/**
 * Planning is an argument of every write; it never reaches Databricks. The instructions and the status tool say so for
 * all of them, which is why no list repeats it.
 */
const dryRun = z.boolean().optional().meta({ unlisted: true });

/** True when the action can collect pages by itself. */
export const canCollect = (action: Action): boolean => action.kind === 'http' && action.nextPage !== undefined;

/** The schema of the declared arguments. */
export const inputSchema = (action: Action): JsonSchema => toSchema(action.input);

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');

/** Fields to show instead of those of the view: comma-separated paths, `*` for all. A list of them is taken too. */
const fields = z
  .preprocess((value) => (isTexts(value) ? value.join(',') : value), z.string())
  .meta({ type: 'string' })
  .optional();

/** The same as `fields: "*"`, for reads and writes. The instructions say so, and the answers of the writes name it. */
const detail = z.enum(['compact', 'full']).optional().meta({ unlisted: true });

/** Where an answer goes on that did not fit; nextPage says so when it is needed. */
const from = z.int().min(1).optional().meta({ unlisted: true });

/**
 * The declared arguments and those of this server: `all` where the action pages, `dry_run` where it writes, and which part
 * of the answer to show.
 */
export function callInput(action: Action): z.ZodObject {
  const { effect, view, input } = action;
  const choosing = view !== undefined && view.shown.length > 0 && !Object.hasOwn(input.shape, 'fields');
  const reading = { ...(choosing && { fields: canCollect(action) ? fields : fields.meta({ unlisted: true }) }), from };
  return input.extend({
    ...(canCollect(action) && { all: collectAll }),
    ...(effect !== 'read' && { dry_run: dryRun }),
    ...(view !== undefined && effect === 'read' && reading),
    detail,
  });
}

/** The schema of everything a call takes. */
export const toolSchema = (action: Action): JsonSchema => toSchema(callInput(action));

/**
 * The schema in the list of tools: without arguments nobody needs, without what a model does not choose by (defaults,
 * bounds, what inner objects require), and open, because refusing unknown arguments is done, and worded, when they are parsed.
 */
export function listedSchema(action: Action): JsonSchema {
  const { required = [], ...whole } = generate(callInput(action));
  return { ...listed(whole), ...(required.length > 0 && { required }) };
}

interface Generated extends JsonSchema {
  readonly properties?: Readonly<Record<string, Generated>>;
  readonly items?: Generated;
  readonly unlisted?: true;
  /** The type of the short form of a value, where one is taken. */
  readonly listedAs?: 'string';
}

const generate = (input: z.ZodObject) => z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as Generated;

const toSchema = (input: z.ZodObject): JsonSchema => ({ ...portable(generate(input)), additionalProperties: false });

function listed(node: Generated): JsonSchema {
  const { type, description, enum: values, properties, items } = node;
  if (node.listedAs !== undefined) return { type: node.listedAs };
  const shown = Object.entries(properties ?? {}).filter(([, inner]) => inner.unlisted !== true);
  return {
    ...(type !== undefined && { type }),
    ...(properties && { properties: Object.fromEntries(shown.map(([name, inner]) => [name, listed(inner)])) }),
    ...(description !== undefined && { description }),
    ...(values && { enum: values }),
    ...(items && { items: listed(items) }),
  };
}

function portable(node: JsonSchema): JsonSchema {
  return {
    ...(node.type !== undefined && { type: node.type }),
    ...(node.description !== undefined && { description: node.description }),
    ...(node.enum !== undefined && { enum: node.enum }),
    ...(node.properties !== undefined && { properties: mapValues(node.properties, portable) }),
    ...(node.required !== undefined && node.required.length > 0 && { required: node.required }),
    ...(node.items !== undefined && { items: portable(node.items) }),
    ...(node.default !== undefined && { default: node.default }),
    ...(bound(node.minimum) && { minimum: node.minimum }),
    ...(bound(node.maximum) && { maximum: node.maximum }),
  };
}

/** zod writes the bounds of exact integers for every whole number; they say nothing. */
const bound = (value: number | undefined): value is number =>
  value !== undefined && Number.isSafeInteger(value) && Math.abs(value) < 2 ** 53 - 1;

function mapValues<A, B>(from: Readonly<Record<string, A>>, to: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, to(value)]));
}
