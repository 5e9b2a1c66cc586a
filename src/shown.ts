/**
 * What of an answer is shown: the view of its action unless other fields or everything were asked for, long lists as
 * tables, and no more than fits a conversation, with the call that goes on. The last step before an answer leaves: what
 * is looked at, compared and kept is always the whole. Pure.
 */
import type { Action, Arguments } from '../tools/action.js';
import type { Selection } from './call.js';
import { type Cut, cutToFit } from './core/cut.js';
import { isObject } from './core/json.js';
import { tableOf } from './core/table.js';
import {
  abbreviate,
  hasPath,
  hiddenFields,
  isEmpty,
  type Mask,
  maskOf,
  maskOfView,
  namesIn,
  project,
  withoutEmpty,
} from './core/view.js';
import { oneLine } from './core/visible.js';

export interface Showing {
  /** Characters the data may come to. */
  readonly most: number;
  /** Whether long lists become tables, which are for models. */
  readonly tables: boolean;
}

/** What a conversation takes well: some ten thousand tokens. */
export const conversation: Showing = { most: 40_000, tables: true };

type Answer = Record<string, unknown>;

/** The part of an answer that its caller asked for. `answer` holds no secret any more. */
export function shownAnswer(
  action: Action,
  answer: Answer,
  selection: Selection | undefined,
  { most, tables }: Showing,
): Answer {
  const { nextPage, note, ...rest } = answer;
  const { data } = rest;
  const { view } = action;
  if (view === undefined || selection === undefined || data === null || data === undefined || answer.dry_run === true)
    return answer;
  const whole = Array.isArray(data) ? data.slice(selection.from - 1) : data;
  const chosen = chosenPaths(action, selection);
  const mask = chosen === undefined ? maskOfView(view) : maskOf(chosen);
  const part = selection.full || mask.size === 0 ? whole : project(whole, mask);
  const isPart = part !== whole && (chosen !== undefined || isAsExpected(part, whole));
  // What was asked for by name is shown even where it holds nothing.
  // Databricks leaves out what it has none of; a derived answer says null for not known, and an empty list for none.
  const filled = () => withoutEmpty(part, action.kind === 'derived');
  const brief = () => withoutEcho(abbreviate(filled(), view.brief), action, selection.given);
  const shown = !isPart ? whole : chosen === undefined ? brief() : part;
  const cut = cutToFit(tables && isPart ? withTables(shown, mask) : shown, selection.from, most);
  const hidden = isPart && chosen === undefined ? hiddenFields(recordsOf(whole), view) : [];
  const next = cut.left > 0 && action.effect === 'read' ? goingOn(action, answer, selection, cut) : nextPage;
  const notes = [note, absent(selection, whole), cutShort(cut, selection, action)].filter((each) => each !== undefined);
  return {
    ...rest,
    data: cut.data,
    ...(hidden.length > 0 && { hidden_fields: hidden }),
    ...(isObject(next) && { nextPage: { ...next, ...sameSelection(selection) } }),
    ...(notes.length > 0 && { note: notes.join(' ') }),
  };
}

/** Fields the caller named; undefined for those of the view. Whoever asks Databricks for some has chosen them. */
function chosenPaths(action: Action, { fields, given }: Selection): readonly string[] | undefined {
  if (fields !== undefined) return fields;
  if (typeof given.fields === 'string' && Object.hasOwn(action.input.shape, 'fields')) return namesIn(given.fields);
  return typeof given.attributes === 'string' ? ['id', ...namesIn(given.attributes)] : undefined;
}

const recordsOf = (data: unknown): readonly unknown[] => (Array.isArray(data) ? data : [data]);

/** A record without any of the view's fields is not what was expected: showing nothing of it would hide that. */
function isAsExpected(part: unknown, whole: unknown): boolean {
  const parts = recordsOf(part);
  return recordsOf(whole).every((each, index) => !isEmpty(parts[index]) || isEmpty(each));
}

/** A change's answer without what its arguments said already, ids apart. */
function withoutEcho(data: unknown, { effect }: Action, given: Arguments): unknown {
  if (effect === 'read' || !isObject(data)) return data;
  const isEcho = ([name, value]: [string, unknown]) =>
    !/(^|_)id$/i.test(name) && JSON.stringify(given[name]) === JSON.stringify(value);
  return Object.fromEntries(Object.entries(data).filter((entry) => !isEcho(entry)));
}

/** Lists of records as tables: the data itself, or those in its fields. */
function withTables(shown: unknown, mask: Mask): unknown {
  if (Array.isArray(shown)) return tableOf(shown, mask);
  if (!isObject(shown)) return shown;
  return Object.fromEntries(
    Object.entries(shown).map(([name, value]) => {
      const below = mask.get(name);
      return [name, Array.isArray(value) && below !== undefined ? tableOf(value, below) : value];
    }),
  );
}

/**
 * The arguments that go on after what was shown: by position where the action pages so, which spares reading again what was
 * shown; else the same call, from there.
 */
function goingOn(action: Action, { data, total }: Answer, { given, all, from }: Selection, { count }: Cut): Arguments {
  const last = from - 1 + count;
  const page = action.kind === 'http' && Array.isArray(data) ? action.nextPage : undefined;
  const next = page?.(given, { totalResults: total }, recordsOf(data).slice(0, last));
  return { ...given, ...(next ?? { from: last + 1 }), ...(all && { all }) };
}

/** The arguments that make the next answer look like this one. */
const sameSelection = ({ fields, full }: Selection): Arguments => ({
  ...(fields !== undefined && { fields: fields.join(',') }),
  ...(full && { detail: 'full' }),
});

function cutShort({ count, left }: Cut, { from }: Selection, { effect }: Action): string | undefined {
  if (left === 0) return undefined;
  const way = effect === 'read' ? 'nextPage goes on; fewer fields fit more.' : 'Read it back in part.';
  return `Shown are ${from} to ${from + count - 1} of ${from + count + left - 1}: more does not fit. ${way}`;
}

function absent({ fields = [] }: Selection, data: unknown): string | undefined {
  if (Array.isArray(data) && data.length === 0) return undefined;
  const paths = fields.filter((path) => !hasPath(data, path.split('.')));
  if (paths.length === 0) return undefined;
  return `Not in this answer, so empty: ${paths.map((path) => oneLine(path, 60)).join(', ')}.`;
}
