/**
 * Arguments from a model to what an action takes: bounded, helped over harmless slips of type, then parsed strictly.
 * Everything refused here is refused before anything is sent.
 */
import type { z } from 'zod';
import type { Action, Arguments } from '../../tools/action.js';
import type { View } from '../../tools/view.js';
import { inputError } from './errors.js';
import { isObject, parseJson } from './json.js';
import { callInput, type JsonSchema, toolSchema } from './schema.js';
import { namesIn, unknownField } from './view.js';
import { oneLine } from './visible.js';

const limits = { depth: 32, nodes: 20_000, text: 100_000 };

export interface ParsedInput {
  /** As the caller wrote them, slips of type mended: the form in which the next call's arguments are told. */
  readonly given: Arguments;
  /** As the action's schema made them, defaults filled in. */
  readonly input: Arguments;
  readonly all: boolean;
  /** Only tell what would happen. */
  readonly dryRun: boolean;
  /** What of the answer is to be shown. */
  readonly full: boolean;
  readonly fields?: readonly string[];
  readonly from: number;
}

/** Throws an `input` failure that names each offending argument. */
export function parseInput(action: Action, raw: unknown): ParsedInput {
  if (raw !== undefined && !isObject(raw)) throw inputError('The arguments have to be an object.');
  checkBounds(raw, 'raw');
  const { schema, shown } = prepared(action);
  const given = mend(raw ?? {}, shown) as Record<string, unknown>;
  const result = checked(schema, given);
  if (!result.success) throw refused(result.error, shown);
  checkBounds(result.data, 'final');
  const [input, ours] = apart(action, result.data);
  const [withoutOurs] = apart(action, given);
  const fields = typeof ours.fields === 'string' ? namesIn(ours.fields) : [];
  const full = ours.detail === 'full' || fields.includes('*');
  if (!full && action.view !== undefined) checkFields(fields, action.view);
  return {
    given: withoutOurs,
    input,
    all: ours.all === true,
    dryRun: ours.dry_run === true,
    full,
    ...(fields.length > 0 && !full && { fields }),
    from: typeof ours.from === 'number' ? ours.from : 1,
  };
}

function checkFields(fields: readonly string[], view: View): void {
  const unknown = unknownField(fields, view);
  if (unknown === undefined) return;
  throw inputError(
    `fields: there is no ${oneLine(unknown.path, 60)}.`,
    `There are ${unknown.exist.join(', ')}; * shows all.`,
  );
}

/** The action's own arguments, and those that are this server's. */
function apart(action: Action, args: Arguments): [own: Record<string, unknown>, ours: Arguments] {
  const isOwn = ([name]: [string, unknown]) => Object.hasOwn(action.input.shape, name);
  const entries = Object.entries(args);
  const ours = entries.filter((entry) => !isOwn(entry));
  return [Object.fromEntries(entries.filter(isOwn)), Object.fromEntries(ours)];
}

/** zod compares a `length` it finds with a number, and breaks where it is an object that is none. */
function checked(schema: z.ZodObject, given: unknown) {
  try {
    return schema.safeParse(given, { reportInput: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw inputError('An argument is an object where a text or a list belongs.');
  }
}

const cache = new WeakMap<Action, { schema: z.ZodObject; shown: JsonSchema }>();

function prepared(action: Action) {
  let entry = cache.get(action);
  if (entry === undefined) {
    entry = { schema: callInput(action), shown: toolSchema(action) };
    cache.set(action, entry);
  }
  return entry;
}

/**
 * Depth, size and characters, without recursion: the input may be built to exhaust the stack. Strings of the raw
 * input may still turn out to be JSON and hold its line breaks; those unpacked from it are checked in the end.
 */
function checkBounds(raw: unknown, stage: 'raw' | 'unpacked' | 'final'): void {
  let nodes = 0;
  const open: { value: unknown; path: string; depth: number }[] = [{ value: raw, path: '', depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path, depth } = next;
    nodes += 1;
    if (nodes > limits.nodes) throw inputError('The arguments are too large.');
    if (depth > limits.depth) throw inputError('The arguments are nested too deeply.');
    if (typeof value === 'string') {
      const isDue = stage === 'final' || (stage === 'raw' && !looksLikeJson(value));
      checkText(value, path, isDue);
    } else if (typeof value === 'object' && value !== null) {
      // Counted before they are looked at: a message may hold millions.
      const entries = Array.isArray(value) && value.length > limits.nodes ? [] : Object.entries(value);
      if ((Array.isArray(value) ? value.length : entries.length) + nodes > limits.nodes)
        throw inputError('The arguments are too large.');
      for (const [key, inner] of entries) {
        open.push({ value: inner, path: path === '' ? key : `${path}.${key}`, depth: depth + 1 });
      }
    }
  }
}

/** The path may be made of names the caller made up, so it is quoted. */
function checkText(text: string, path: string, isDue: boolean): void {
  if (text.length > limits.text) throw inputError(`${oneLine(path)} is too long.`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for.
  if (isDue && /[\u0000-\u001f\u007f]/.test(text)) throw inputError(`${oneLine(path)} contains a control character.`);
  if (isDue && !text.isWellFormed()) throw inputError(`${oneLine(path)} is not well-formed Unicode.`);
}

const looksLikeJson = (text: string) => /^\s*[[{]/.test(text);

/**
 * Mends what models get wrong and what has only one reading: JSON text for an object or a list, digits in a string for
 * a number, a number for a string of digits, the words true and false.
 */
function mend(value: unknown, schema: JsonSchema): unknown {
  const fitted = fit(value, schema.type);
  if (schema.type === 'object' && isObject(fitted)) {
    const known = schema.properties ?? {};
    return Object.fromEntries(
      Object.entries(fitted).map(([key, inner]) => {
        const property = Object.hasOwn(known, key) ? known[key] : undefined;
        return [key, property === undefined ? inner : mend(inner, property)];
      }),
    );
  }
  const { items } = schema;
  return schema.type === 'array' && Array.isArray(fitted) && items !== undefined
    ? fitted.map((each) => mend(each, items))
    : fitted;
}

function fit(value: unknown, type: string | undefined): unknown {
  if (type === 'string' && typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  if (typeof value !== 'string') return value;
  if (type === 'object' || type === 'array') return parsedContainer(value);
  if (type === 'boolean' && /^(true|false)$/.test(value)) return value === 'true';
  if ((type === 'integer' || type === 'number') && /^-?\d{1,15}$/.test(value)) return Number(value);
  return value;
}

function parsedContainer(text: string): unknown {
  if (!looksLikeJson(text)) return text;
  let parsed: unknown;
  try {
    parsed = parseJson(text);
  } catch {
    return text;
  }
  checkBounds(parsed, 'unpacked');
  return parsed;
}

function refused(error: z.ZodError, schema: JsonSchema) {
  const lines = error.issues.slice(0, 8).map((issue) => issueText(issue));
  const allowed = Object.keys(schema.properties ?? {});
  return inputError(
    `Arguments refused: ${lines.join('; ')}.`,
    allowed.length === 0 ? 'This action takes no arguments.' : `Allowed arguments: ${allowed.join(', ')}.`,
  );
}

const listed = (keys: readonly string[]) =>
  keys
    .slice(0, 8)
    .map((key) => oneLine(key, 60))
    .join(', ') + (keys.length > 8 ? ` and ${keys.length - 8} more` : '');

function issueText(issue: z.core.$ZodIssue): string {
  // Names of ours and positions: strict objects take no others.
  const path = issue.path.map(String).join('.');
  const at = path === '' ? '' : `${path}: `;
  if (issue.input === undefined && path !== '') return `${path} is required`;
  switch (issue.code) {
    case 'unrecognized_keys':
      return `${at}unknown argument ${listed(issue.keys)}`;
    case 'invalid_type':
      return `${at}must be of type ${issue.expected}`;
    case 'invalid_value':
      return `${at}must be one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return `${at}too small, at least ${issue.minimum} ${issue.origin === 'string' ? 'character(s)' : ''}`.trimEnd();
    case 'too_big':
      return `${at}too large, at most ${issue.maximum} ${issue.origin === 'string' ? 'character(s)' : ''}`.trimEnd();
    case 'invalid_union':
      return `${at}has none of the accepted shapes`;
    default:
      return `${at}${issue.message}`;
  }
}
