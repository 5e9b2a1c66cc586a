/**
 * Keeps credentials out of everything that leaves the process. Live secret values are known exactly and removed in
 * every encoding they may turn up in; tokens of known shapes and fields named for a secret, wherever they stand.
 */
import { Disclosed, mark } from './disclosed.js';
import { formsOf } from './encodings.js';
import { createFinder, type Finder, type Needle } from './finder.js';

export interface Redactor {
  /** Registers a value that must never appear. Short values are ignored: they would eat innocent text. */
  add(secret: string): void;
  /** The text without any of them. For plain text only: what spans two strings of JSON is no secret. */
  scrub(text: string): string;
  /**
   * A JSON value with every string in it scrubbed, names of fields included, and the values of fields named for a
   * secret masked. The same value where nothing is found.
   */
  scrubValue<T>(value: T): T;
  /** `scrubValue` for an answer to the caller: the one place where a `Disclosed` value is shown, the first time. */
  scrubAnswer<T>(answer: T): T;
}

const shapes: readonly RegExp[] = [
  // Not \b: an underscore before them, as in a name made of one, is no part of them.
  /(?<![a-z0-9])dose[0-9a-f]{32}(?![a-z0-9])/gi,
  /(?<![a-z0-9])dapi[0-9a-f]{32}(?:-\d+)?(?![a-z0-9])/gi,
  // Bounded, and never begun in the middle of a word: an endless one would be searched over and over.
  /(?<![\w-])eyJ[\w-]{8,4096}\.[\w-]{8,8192}\.[\w-]{0,4096}/g,
  // Names such as "Basic Engineers" are none: credentials are long and hold digits.
  /\b(?:Bearer|Basic) +(?=[\w.~+/=-]*\d)[\w.~+/=-]{24,}/gi,
  // Fields of JSON and of forms that stand inside a text, such as a request that an error page repeats.
  /(?<=(?<![a-z0-9])(?:client_secret|(?:access|refresh|id)_token|token_value|password|assertion|private_key)(?:=|\\{0,9}" {0,9}: {0,9}\\{0,9}"))[^\s"'\\&,;<>]{4,}/gi,
];

/** Shorter texts hold none of these. */
const shortestShape = 13;

/** Fields whose text is a secret whatever it looks like; not secret_id, secret_hash, page_token, token counts. */
const markedField =
  /^(?:(?:client[_-]?)?(?:secret|assertion)|(?:access|refresh|id)[_-]?token|token[_-]?value|password|(?:proxy[_-]?)?authorization|(?:set[_-]?)?cookie|private[_-]?key)$/i;
const longestMarkedField = 'proxy-authorization'.length;

/** Removes private keys. By search, not by pattern: many beginnings without an end would cost a search each. */
function withoutPrivateKeys(text: string): string {
  let clean = '';
  let at = 0;
  let end = 0;
  for (;;) {
    const begin = text.indexOf('-----BEGIN ', at);
    // One end far away is looked for once, not from each beginning.
    if (begin === -1 || end < begin) end = begin === -1 ? -1 : text.indexOf('-----END ', begin);
    if (end === -1) return clean + text.slice(at);
    const isKey = text.slice(begin, begin + 60).includes('PRIVATE KEY-----');
    const close = text.indexOf('-----', end + 9);
    const after = close === -1 ? text.length : close + 5;
    clean += isKey ? text.slice(at, begin) + mark : text.slice(at, begin + 11);
    at = isKey ? after : begin + 11;
  }
}

/** Live values kept; tokens are replaced hourly, so old ones leave. */
const capacity = 300;

export function createRedactor(): Redactor {
  const forms = new Map<string, readonly Needle[]>();
  /** Made when it is needed: tokens may come and go with nothing written in between. */
  let finder: Finder | undefined;

  const withoutValues = (text: string): string => {
    finder ??= createFinder([...forms.values()].flat());
    const spans = finder(text);
    if (spans === undefined) return text;
    let clean = '';
    let at = 0;
    for (const [from, to] of spans) {
      clean += text.slice(at, from) + mark;
      at = to;
    }
    return clean + text.slice(at);
  };

  const scrub = (text: string): string => {
    let clean = withoutValues(text);
    if (clean.length < shortestShape) return clean;
    for (const shape of shapes) clean = clean.replace(shape, mark);
    return clean.includes('-----BEGIN ') ? withoutPrivateKeys(clean) : clean;
  };

  const clean = (value: unknown, open: boolean): unknown => {
    if (typeof value === 'string') return scrub(value);
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Disclosed) return open ? value.take() : mark;
    return Array.isArray(value) ? cleanList(value, open) : cleanFields(value, open);
  };

  /** Both copy from the first change on, and nothing is cleaned twice: answers are long and most hold nothing. */
  const cleanList = (list: readonly unknown[], open: boolean): readonly unknown[] => {
    let copy: unknown[] | undefined;
    for (let index = 0; index < list.length; index += 1) {
      const inner = clean(list[index], open);
      if (copy === undefined && inner !== list[index]) copy = list.slice(0, index);
      copy?.push(inner);
    }
    return copy ?? list;
  };

  const cleanFields = (value: object, open: boolean): object => {
    const fields = value as Record<string, unknown>;
    const keys = Object.keys(fields);
    let copy: [key: string, inner: unknown][] | undefined;
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] ?? '';
      const before = fields[key];
      const name = scrub(key);
      const isMarked = key.length <= longestMarkedField && markedField.test(key);
      const inner = isMarked ? masked(before, open) : clean(before, open);
      if (copy === undefined && (inner !== before || name !== key)) {
        copy = keys.slice(0, index).map((each) => [each, fields[each]]);
      }
      copy?.push([name, inner]);
    }
    return copy === undefined ? value : Object.fromEntries(copy);
  };

  /** Text under a marked field, alone or in a list; what is neither, such as a note of where a secret went, is cleaned. */
  const masked = (value: unknown, open: boolean): unknown => {
    if (typeof value === 'string') return value === '' ? value : mark;
    const isTexts = Array.isArray(value) && value.some((each) => typeof each === 'string');
    return isTexts ? value.map((each) => masked(each, open)) : clean(value, open);
  };

  return {
    add(secret) {
      if (secret.length < 8) return;
      const known = forms.get(secret) ?? formsOf(secret);
      if (!forms.delete(secret)) finder = undefined;
      forms.set(secret, known);
      for (const oldest of forms.keys()) {
        if (forms.size <= capacity) break;
        forms.delete(oldest);
      }
    },
    scrub,
    scrubValue: <T>(value: T) => clean(value, false) as T,
    scrubAnswer: <T>(answer: T) => clean(answer, true) as T,
  };
}
