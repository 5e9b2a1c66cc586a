/**
 * Puts the arguments of `call` together: JSON from the command line, a file or stdin, and `name=value` words. Values of
 * words stay text unless the action takes a list or an object there; the executor mends the rest.
 */
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { text as readAll } from 'node:stream/consumers';
import type { Action } from '../../../tools/index.js';
import { inputError } from '../../core/errors.js';
import { isObject, parseJson } from '../../core/json.js';
import { type JsonSchema, toolSchema } from '../../core/schema.js';
import { note } from '../terminal.js';

/** Throws an `input` failure. */
export async function readArguments(
  action: Action,
  words: readonly string[],
  input: string | undefined,
): Promise<Record<string, unknown>> {
  const given = new Map(input === undefined ? [] : Object.entries(parseInput(await readText(input))));
  const byWord = parseWords(words, toolSchema(action));
  for (const [name, value] of byWord) {
    if (given.has(name)) throw inputError(`${name} is given twice, by --input and as a word.`, 'Leave one out.');
    given.set(name, value);
  }
  return Object.fromEntries(given);
}

async function readText(input: string): Promise<string> {
  if (input === '-') {
    if (process.stdin.isTTY) note('Reading JSON from the terminal; Ctrl-D ends it.');
    return readAll(process.stdin);
  }
  if (!input.startsWith('@')) return input;
  try {
    return await readFile(input.slice(1), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw inputError(`The file of --input cannot be read (${code}).`, 'Give --input @path, or --input - for stdin.');
  }
}

function parseInput(text: string): Record<string, unknown> {
  const value = parsed(text.replace(/^\uFEFF/, ''), '--input');
  if (!isObject(value)) throw inputError('--input has to be a JSON object.', `E.g. --input '{"count": 5}'.`);
  return value;
}

export function parseWords(words: readonly string[], schema: JsonSchema): Map<string, unknown> {
  const given = new Map<string, unknown>();
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) {
      throw inputError(
        `${JSON.stringify(word.slice(0, 80))} is no argument.`,
        'Arguments are name=value; quote values with blanks.',
      );
    }
    const name = word.slice(0, at);
    const type = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name]?.type : undefined;
    const value = readValue(word.slice(at + 1), type, name);
    const before = given.get(name);
    if (before !== undefined && !(Array.isArray(before) && Array.isArray(value))) {
      throw inputError(`${name} is given twice.`, 'Leave one out.');
    }
    given.set(name, Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value);
  }
  return given;
}

/** JSON where the action takes more than a scalar; of a list, a bare word is one element. */
function readValue(text: string, type: string | undefined, name: string): unknown {
  if (type === 'array') {
    const value = /^\s*[[{]/.test(text) ? parsed(text, name) : text;
    return Array.isArray(value) ? value : [value];
  }
  return type === 'object' ? parsed(text, name) : text;
}

function parsed(text: string, name: string): unknown {
  try {
    return parseJson(text);
  } catch {
    // The parser's own message would quote the text, which may hold anything.
    throw inputError(`${name} is not valid JSON.`, 'Mind the quotes: the shell takes those that are not protected.');
  }
}
