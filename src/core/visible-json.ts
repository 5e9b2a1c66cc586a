/**
 * An answer as JSON in which nothing is hidden. The text has JSON escapes, so that whoever parses it has the exact
 * values; the structure has visible escapes, because hosts may show it to a model. What was found is named. Pure.
 */
import { isObject } from './json.js';
import { escapeHidden, hasHidden, oneLine, replaceHidden } from './visible.js';

export interface VisibleAnswer {
  readonly text: string;
  readonly structured: Record<string, unknown>;
}

/** Names of suspicious fields that are told. */
const mostNamed = 20;

/**
 * JSON writes controls and halves of pairs as escapes already, and an escaped line end looks like a letter to what
 * follows. Where there are any, the strings themselves are looked at.
 */
const escapes = /\\[bfnrtu]/;

export function visibleAnswer(answer: Record<string, unknown>, indent?: number): VisibleAnswer {
  const text = JSON.stringify(answer, undefined, indent);
  // One look at the whole: answers are large, and nearly all of them hide nothing.
  if (!escapes.test(text) && !hasHidden(text)) return { text, structured: answer };
  const names = suspiciousFields(answer);
  if (names.length === 0) return { text, structured: answer };
  const told = { ...answer, suspicious_fields: names };
  return { text: encodeVisible(told, indent), structured: escapeValue(told) };
}

/** JSON text of a value, with JSON's own escapes for what would be hidden. */
export const encodeVisible = (value: unknown, indent?: number): string =>
  JSON.stringify(mapStrings(value, marked), undefined, indent).replace(marks, '\\u$1');

/** The value with hidden characters spelled out in every string, names of fields included. */
export const escapeValue = <T>(value: T): T => mapStrings(value, escapeHidden);

/**
 * Hidden characters are marked before JSON is written and turned into escapes after it. U+FDD0 is no character and
 * counts as hidden itself, so none is left in the text but ours.
 */
const marked = (text: string): string =>
  replaceHidden(text, (character) =>
    Array.from(character.split(''), (unit) => `\ufdd0${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  );
const marks = /\ufdd0([0-9a-f]{4})/g;

function mapStrings<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (Array.isArray(value)) return value.map((each) => mapStrings(each, change)) as T;
  if (!isObject(value)) return value;
  const fields = new Map<string, unknown>();
  for (const [key, inner] of Object.entries(value)) {
    let name = change(key);
    // Two names that differ in what is hidden must not swallow each other.
    while (fields.has(name)) name += '_';
    fields.set(name, mapStrings(inner, change));
  }
  return Object.fromEntries(fields) as T;
}

/** Paths such as `data[3].displayName`; a field whose name hides something counts too. */
function suspiciousFields(answer: Record<string, unknown>): string[] {
  const names: string[] = [];
  let more = 0;
  const name = (path: string) => {
    if (names.length < mostNamed) names.push(path);
    else more += 1;
  };
  const walk = (value: unknown, path: string) => {
    if (typeof value === 'string') {
      if (hasHidden(value)) name(path);
    } else if (Array.isArray(value)) {
      value.forEach((each, index) => {
        walk(each, `${path}[${index}]`);
      });
    } else if (isObject(value)) {
      for (const [key, inner] of Object.entries(value)) {
        const at = fieldPath(path, key);
        if (hasHidden(key)) name(at);
        walk(inner, at);
      }
    }
  };
  walk(answer, '');
  return more === 0 ? names : [...names, `and ${more} more`];
}

/** The path of a field; a name that is more than a word is quoted and cut. */
export function fieldPath(path: string, key: string): string {
  if (!/^[\w$-]{1,60}$/.test(key)) return `${path}[${oneLine(key, 60)}]`;
  return path === '' ? key : `${path}.${key}`;
}
