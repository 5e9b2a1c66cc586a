/** Values in words for a person who has to decide: quoted where they come from outside, on one line, short. Pure. */
import type { FactValue, Words } from '../../tools/action.js';
import { encodeJson, isObject } from '../core/json.js';
import { createRedactor } from '../core/redact.js';
import { oneLine } from '../core/visible.js';
import { fieldPath } from '../core/visible-json.js';

/** Items of a list that are told in any case, and the characters up to which more of them are. */
const fewItems = 3;
const longestList = 240;

/** Leaves that are told; what a caller sends may have thousands. */
const mostLeaves = 200;

/** Live secrets are the redactor's business at the door; tokens are known by their shape. */
export const clean = createRedactor().scrub;

export const quoted = (text: string): string => oneLine(clean(text)) + realHost(text);

/**
 * Where an address leads, if it does not lead where it seems to: letters of other scripts may look like Latin ones, and
 * what stands before an @ is no host.
 */
export function realHost(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || !URL.canParse(text)) return '';
  const { host, username, password } = new URL(text);
  const isPlain = username === '' && password === '' && text.toLowerCase().includes(`//${host}`);
  return isPlain || host === '' ? '' : ` (leads to ${oneLine(host, 100)})`;
}

export const isWords = (value: FactValue | readonly FactValue[] | Words): value is Words =>
  typeof value === 'object' && 'words' in value;

/** How many of these texts a list tells. */
export function toldOf(texts: readonly string[]): number {
  let length = 0;
  const cut = texts.findIndex((text, index) => {
    length += text.length + 2;
    return index >= fewItems && length > longestList;
  });
  return cut < 0 ? texts.length : cut;
}

export function inList(texts: readonly string[], link = ', '): string {
  const told = toldOf(texts);
  return texts.slice(0, told).join(link) + (told < texts.length ? ` and ${texts.length - told} more` : '');
}

/** A value with the name of its field, which tells what must not be shown. */
export const shown = (path: string, value: unknown): string =>
  isSecret(path) && (typeof value === 'string' || typeof value === 'object') ? '(not shown)' : inShort(value);

export function inShort(value: unknown): string {
  if (!Array.isArray(value)) return single(value);
  return value.length === 0 ? 'none' : counted(value.map(single));
}

/** A list with its length, where it has more than one item. */
export const counted = (texts: readonly string[]): string =>
  texts.length === 1 ? (texts[0] ?? '') : `${texts.length}: ${inList(texts)}`;

export function single(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value === undefined || value === null) return 'none';
  const inside = leaves(value);
  const [only] = inside;
  // A member or a role is an object of one field.
  if (inside.length === 1 && only?.[0] === 'value') return shown('', only[1]);
  return inside.length === 0 ? 'none' : inList(inside.map(([path, inner]) => `${path} ${shown(path, inner)}`));
}

/** Fields that hold a secret, and what is in them; `secret_id` and the like only name one. */
export const isSecret = (path: string): boolean =>
  /(secret|password|passphrase|token|private_?key)s?("\]|\[|\.|$)/i.test(path);

/** Plain values and lists of them by path, in the order they were given. */
export function leaves(given: unknown): [path: string, value: unknown][] {
  const found: [string, unknown][] = [];
  const walk = (value: unknown, path: string) => {
    if (value === undefined || found.length >= mostLeaves) return;
    const isPlainList = Array.isArray(value) && value.every((each) => typeof each !== 'object' || each === null);
    if (Array.isArray(value) && !isPlainList) {
      value.forEach((each, index) => {
        walk(each, `${path}[${index}]`);
      });
    } else if (isObject(value) && Object.keys(value).length > 0) {
      for (const [key, inner] of Object.entries(value)) walk(inner, fieldPath(path, key));
    } else found.push([path, isObject(value) ? undefined : value]);
  };
  if (!isObject(given) || Object.keys(given).length > 0) walk(given, '');
  return found;
}

/** Whether two plain values read the same: a long id travels as digits. */
export const isAlike = (left: unknown, right: unknown): boolean =>
  left === right || (left !== undefined && right !== undefined && encodeJson(left) === encodeJson(right));
