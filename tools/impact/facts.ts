/** Small builders the impacts of several areas share: reading fields of what Databricks sent, and making facts of them. */
import type { Arguments, Fact, FactValue, HttpAction, Impact, Words } from '../action.js';
import { isRecord } from '../settlements.js';

/** What was read, as an object to take fields from; without any where it is none. */
export function fieldsOf(value: unknown): Arguments {
  return isRecord(value) ? value : {};
}

/** The objects of a list; none where it is no list. */
export function itemsOf(value: unknown): readonly Arguments[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** A field as text; undefined where it is absent or empty. 64-bit ids come as numbers, digits or bigint. */
export function textOf(value: unknown): string | undefined {
  return isScalar(value) && value !== '' ? String(value) : undefined;
}

/** The scalars of a list; none where it is no list. */
export function valuesOf(value: unknown): readonly FactValue[] {
  return Array.isArray(value) ? value.filter(isScalar) : [];
}

export const textsOf = (value: unknown): readonly string[] => valuesOf(value).map(String);

/** A fact, or nothing where there is nothing to tell: spread it into the facts. */
export function fact(label: string, value: unknown): readonly Fact[] {
  if (Array.isArray(value)) {
    const values = valuesOf(value);
    return values.length === 0 ? [] : [{ label, value: values }];
  }
  return (isScalar(value) && value !== '') || isWords(value) ? [{ label, value }] : [];
}

/** What this program says of itself, as against what was read or asked for: "none" is no group of that name. */
export const words = (said: string): Words => ({ words: said });

const isWords = (value: unknown): value is Words => isRecord(value) && typeof value.words === 'string';

/** What stands where a read was not allowed or failed: unknown must not look like none. */
export const notReadable = words('not known: it cannot be read with this token');

/** Two facts about a field that changes, none about one that stays. Labels as in "Owner now", "Owner then". */
export function changed(label: string, now: unknown, then: unknown): readonly Fact[] {
  if (then === undefined || same(now, then)) return [];
  const shown = (value: unknown) => fact('', value)[0]?.value ?? words('none');
  return [
    { label: `${label} now`, value: shown(now) },
    { label: `${label} then`, value: shown(then) },
  ];
}

/** Two facts about a list that is replaced: what comes and what goes. Labels as in "Scopes added". */
export function replaced(label: string, now: unknown, then: unknown): readonly Fact[] {
  if (then === undefined) return [];
  const [before, after] = [textsOf(now), textsOf(then)];
  return [
    ...fact(
      `${label} added`,
      after.filter((each) => !before.includes(each)),
    ),
    ...fact(
      `${label} removed`,
      before.filter((each) => !after.includes(each)),
    ),
  ];
}

/** Equal as JSON, where the order of fields does not count and a number equals its digits. */
export function same(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((each, at) => same(each, right[at]));
  }
  if (isRecord(left) && isRecord(right)) {
    const names = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...names].every((name) => same(left[name], right[name]));
  }
  return left === right || (isScalar(left) && isScalar(right) && String(left) === String(right));
}

/** The object without these fields. */
export function without(value: unknown, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fieldsOf(value)).filter(([name]) => !names.includes(name)));
}

/** The object with these fields alone, as far as it has them. */
export function only(value: unknown, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fieldsOf(value)).filter(([name, field]) => names.includes(name) && field !== undefined),
  );
}

/** The call that restores what was; none where what was read is nothing the action would take. */
export function undoBy(action: HttpAction, args: Arguments): Pick<Impact, 'undo'> {
  return action.input.safeParse(args).success ? { undo: { tool: action.id, arguments: args } } : {};
}

/** Name and id as one value; the id alone where the name is not known. */
export const withId = (name: string | undefined, id: string): string => (name === undefined ? id : `${name} (${id})`);

/** A list, or the words for there being none. */
export const listOr = (values: readonly string[], none = 'none'): Words | readonly string[] =>
  values.length === 0 ? words(none) : values;

/** A string from outside as part of a sentence of ours: on one line, short, nothing invisible. */
export function quoted(text: string): string {
  const cut = text.length > 80 ? `${text.slice(0, 79).toWellFormed()}…` : text;
  return JSON.stringify(cut).replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (each) =>
    [...each].map((character) => `\\u{${character.codePointAt(0)?.toString(16)}}`).join(''),
  );
}

function isScalar(value: unknown): value is FactValue {
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
}
