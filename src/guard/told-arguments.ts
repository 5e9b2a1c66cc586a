/**
 * The arguments of a call as lines for a person who has to decide. An approval covers every argument, so all of them are
 * told, whole: where that takes more than anybody reads, the call cannot be approved. Pure.
 */
import type { Arguments } from '../../tools/action.js';
import { failed } from '../core/errors.js';
import { isObject } from '../core/json.js';
import { fieldPath } from '../core/visible-json.js';

/** Characters of all lines together. */
const longest = 4_000;

/** Plain values that are looked at; each takes a line or a place in one. */
const mostValues = 1_000;

/** How a value is written where it stands under this path. */
export type Spell = (path: string, value: unknown) => string;

/**
 * Lines for all arguments but those that stand in other lines already. `isTold` is asked of top-level ones alone, since a
 * nested value means something else with each path; `isShown` knows the path. Throws an `approval` failure where they are too long.
 */
export function argumentLines(
  given: Arguments,
  isTold: (value: unknown) => boolean,
  spell: Spell,
  isShown: (path: string, value: unknown) => boolean = () => false,
): string[] {
  const untold = Object.entries(given).filter(([, value]) => !(isFilled(value) ? value.every(isTold) : isTold(value)));
  const lines = new Map<string, string>();
  let room = longest;
  let left = mostValues;
  for (const [path, value] of untold.length === 0 ? [] : leaves('', Object.fromEntries(untold))) {
    if (isShown(path, value)) continue;
    const values = Array.isArray(value) ? value : [value];
    left -= values.length;
    if (left < 0) throw tooMuch();
    const items = values.map((each) => spell(path, each));
    const text = Array.isArray(value) ? listed(items) : (items[0] ?? '');
    // An object of a list is one line.
    const [, item = path, inside] = /^([^[]+\[\d+\])\.?(.+)$/.exec(path) ?? [];
    const before = lines.get(item);
    lines.set(
      item,
      `${before === undefined ? `${item}: ` : `${before}, `}${inside === undefined ? '' : `${inside} `}${text}`,
    );
    room -= path.length + text.length + 3;
    if (room < 0) throw tooMuch();
  }
  return [...lines.values()];
}

const isFilled = (value: unknown): value is readonly unknown[] => Array.isArray(value) && value.length > 0;

/** With its length, where there is more than one item. */
const listed = (items: readonly string[]) =>
  items.length > 1 ? `${items.length}: ${items.join(', ')}` : (items[0] ?? 'none');

/** Plain values and lists of them by path, in the order they were given. */
function* leaves(path: string, value: unknown): Generator<[path: string, value: unknown]> {
  if (value === undefined) return;
  if (Array.isArray(value)) {
    const plain = value.map(bare);
    if (plain.every((each) => typeof each !== 'object' || each === null)) yield [path, plain];
    else for (const [index, each] of value.entries()) yield* leaves(`${path}[${index}]`, each);
  } else if (isObject(value) && Object.keys(value).length > 0) {
    for (const [key, inner] of Object.entries(value)) yield* leaves(fieldPath(path, key), inner);
  } else yield [path, value];
}

/** SCIM writes each of a list as `{"value": x}`. */
function bare(each: unknown): unknown {
  return isObject(each) && Object.keys(each).join() === 'value' ? each.value : each;
}

const tooMuch = () =>
  failed('approval', 'The call holds more than a person can be shown, so nobody can approve it. Nothing was sent.', {
    code: 'TOO_MUCH_TO_SHOW',
    next: 'Split it into several calls with fewer items or shorter texts in each.',
  });
