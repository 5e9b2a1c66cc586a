/**
 * Puts what a call would touch into words for a person who has to decide: target and loss first, then whether it can be
 * taken back. Plain text, bounded, and every value from outside stands quoted on one line. Pure.
 */
import type { Action, Arguments, Fact, Impact, Risk } from '../../tools/action.js';
import { isObject } from '../core/json.js';
import { flat, oneLine } from '../core/visible.js';
import { type Change, difference } from './difference.js';
import {
  clean,
  counted,
  inShort,
  isAlike,
  isSecret,
  isWords,
  leaves,
  quoted,
  realHost,
  shown,
  toldOf,
} from './spoken.js';
import { argumentLines, type Spell } from './told-arguments.js';

export { type Change, difference } from './difference.js';
export { isWords } from './spoken.js';

export interface Asked {
  readonly action: Action;
  readonly risk: Risk;
  readonly accountId: string;
  readonly cloud?: string;
  readonly sandbox: boolean;
  /** As the action's schema made them. */
  readonly arguments: Arguments;
  readonly impact: Impact;
  /** What the MCP client calls itself. */
  readonly client?: string;
}

/** Characters of a prompt, but for long arguments. Dialogs of clients show little more. */
const longest = 3_000;

/** Left for what changes, however long the arguments are. */
const least = 600;

/** Characters of an argument that is told, which is never cut: with more, arguments are too long anyway. */
const longestArgument = 5_000;

/** Lines of warning. */
const mostLockouts = 5;

const risks: Record<Risk, string> = {
  read: 'reads only',
  write: 'changes settings',
  privilege: 'changes who or what has access',
  destructive: 'deletes or removes',
  secret: 'makes a secret',
};

/**
 * Lines for a prompt, a terminal or a page; the first says what is asked. Throws an `approval` failure where the
 * arguments are more than can be told: what was not shown was not approved.
 */
export function inWords(asked: Asked): string[] {
  const { impact, risk, client } = asked;
  const head = [
    title(asked),
    account(asked),
    `Risk: ${risk}, ${risks[risk]}`,
    ...(impact.lockouts ?? []).slice(0, mostLockouts).map((sentence) => `WARNING: ${flat(sentence, 300)}`),
  ];
  const reversal = `Can it be taken back: ${impact.reversible}. ${flat(clean(impact.reversal), 300)}`;
  const from = client === undefined ? [] : [`Asked through: ${quoted(client)}`];
  let room = longest - lengthOf([...head, reversal, ...from]);
  /** The lines there is room for. What they are cut to leaves some for those that follow. */
  const fit = (lines: readonly string[], what: string, share: number) => {
    const kept: string[] = [];
    let left = Math.floor(room * share) - 40;
    for (const line of lines) {
      left -= line.length + 1;
      if (left < 0) break;
      kept.push(line);
    }
    const told = [...kept, ...rest(lines.length - kept.length, what)];
    room -= lengthOf(told);
    return told;
  };
  const facts = fit(impact.facts.map(factLine), 'facts', 0.6);
  const told = toldBy(
    impact.facts.filter((fact, at) => facts[at] === factLine(fact)),
    impact.target?.id,
  );
  const isTold = isToldBy(impact, told.wanted);
  const different = changesOf(impact);
  // Arguments are never cut: what they take is not there for the changes.
  room = Math.max(least, room - lengthOf(argumentLines(asked.arguments, isTold, spelled)));
  const changes = fit(changeLines(different, told), 'changed fields', 1);
  const given = argumentLines(asked.arguments, isTold, spelled, isShownBy(different, changes));
  return [
    ...head,
    ...facts,
    reversal,
    ...changes,
    ...(given.length > 0 ? ['As given in the call:'] : []),
    ...given,
    ...from,
  ];
}

function title({ action, impact: { target } }: Asked): string {
  if (target === undefined) return action.label;
  const id = /^[\w.-]{1,64}$/.test(target.id) ? target.id : quoted(target.id);
  const name = target.name === undefined ? '' : ` ${quoted(target.name)}`;
  return `${action.label}: ${target.kind}${name} (${id})`;
}

function account({ accountId, cloud, sandbox }: Asked): string {
  const where = cloud === undefined ? '' : ` on ${flat(cloud, 20)}`;
  return `Account: ${flat(accountId, 64)}${where}${sandbox ? ' - SANDBOX, nothing real is changed' : ''}`;
}

const lengthOf = (lines: readonly string[]) => lines.reduce((sum, line) => sum + line.length + 1, 0);

const rest = (count: number, what: string) => (count > 0 ? [`and ${count} more ${what}`] : []);

const factLine = ({ label, value }: Fact): string =>
  `${label}: ${isWords(value) ? flat(clean(value.words), 300) : inShort(value)}`;

/** What the facts have told a person in full, so that no line has to say it again. */
function toldBy(facts: readonly Fact[], target: string | undefined) {
  const told = {
    present: new Set<string>(),
    wanted: new Set(target === undefined ? [] : [target]),
    removed: new Set<string>(),
  };
  for (const { label, value } of facts) {
    if (isWords(value)) continue;
    const texts = (Array.isArray(value) ? value : [value]).filter((each) => typeof each !== 'boolean').map(String);
    const set = label.endsWith(' removed') ? told.removed : label.endsWith(' now') ? told.present : told.wanted;
    for (const text of texts.slice(0, toldOf(texts.map(quoted)))) {
      set.add(text);
      // A name with its id behind it tells both.
      const [, id] = /\(([\w.-]{1,64})\)$/.exec(text) ?? [];
      if (id !== undefined && quoted(text).endsWith(`(${id})"`)) set.add(id);
    }
  }
  return told;
}

type ToldFacts = ReturnType<typeof toldBy>;

/** What would be different; nothing where before and after are not both known. */
const changesOf = ({ before, after }: Impact): readonly Change[] =>
  before === undefined || after === undefined ? [] : difference(before, after, 30);

/** Lines that say what would be different and what no fact has told; what comes or goes in one field is one line. */
function changeLines(changes: readonly Change[], told: ToldFacts): string[] {
  const lines = new Map<string, string[]>();
  for (const change of changes) {
    if (isToldChange(change, told)) continue;
    const [start, value] = inParts(change);
    lines.set(start, [...(lines.get(start) ?? []), ...value]);
  }
  return [...lines].map(([start, values]) => (values.length === 0 ? start : `${start}: ${counted(values)}`));
}

function isToldChange({ from, to }: Change, { present, wanted, removed }: ToldFacts): boolean {
  const isIn = (set: ReadonlySet<string>, value: unknown) => {
    const inside = typeof value === 'object' ? leaves(value).flatMap(([, inner]) => inner) : [value];
    return (
      inside.length > 0 &&
      inside.every((each) => typeof each !== 'boolean' && (set.has(String(each)) || set.has(withoutZeros(each))))
    );
  };
  if (to === undefined) return from !== undefined && isIn(removed, from);
  return isIn(wanted, to) && (from === undefined || isIn(present, from));
}

/** How the line of a change begins, and the value it ends with. */
function inParts({ field, from, to }: Change): [start: string, value: readonly string[]] {
  if (from === undefined && to === undefined) return [field, []];
  if (from === undefined) return [`Added: ${listOf(field, to)}`, [shown(field, to)]];
  if (to === undefined) return [`Removed: ${listOf(field, from)}`, [shown(field, from)]];
  const [old, wanted] = [shown(field, from), shown(field, to)];
  // Long values may differ only in what is cut off, and secrets are not told at all.
  return [`Changed: ${field}`, [old === wanted ? `${old}, differs in what is not shown` : `from ${old} to ${wanted}`]];
}

/** The list an item comes into or goes from, where the path ends with what the item is called and the item says it too. */
function listOf(field: string, item: unknown): string {
  const [, list, name] = /^(.+)\[("(?:[^"\\]|\\.)*")\]$/.exec(field) ?? [];
  if (list === undefined || !isObject(item)) return field;
  return Object.values(item).some(
    (each) => ['string', 'number', 'bigint'].includes(typeof each) && oneLine(String(each), 60) === name,
  )
    ? list
    : field;
}

/** How an argument is written: whole, whatever its length. */
const spelled: Spell = (path, value) =>
  typeof value === 'string' && !isSecret(path) ? whole(value) : shown(path, value);

/** The whole text; what it is cut at is more than there is room for. */
const whole = (text: string): string => oneLine(clean(text), longestArgument) + realHost(text);

/**
 * Texts that the title or a fact tell whole. Booleans and numbers say too little to be recognised, an empty list may
 * mean the most.
 */
const isToldBy =
  ({ target }: Impact, facts: ReadonlySet<string>) =>
  (value: unknown): boolean =>
    (typeof value === 'string' || typeof value === 'bigint') &&
    quoted(String(value)) === whole(String(value)) &&
    (String(value) === target?.id || value === target?.name || facts.has(String(value)));

/** Arguments that stand in the line of a change with the same path, whole. */
const isShownBy =
  (changes: readonly Change[], lines: readonly string[]) =>
  (path: string, value: unknown): boolean =>
    changes.some(
      (change) =>
        change.field === path &&
        isAlike(change.to, value) &&
        shown(path, value) === spelled(path, value) &&
        lines.some((line) =>
          line.endsWith(`Changed: ${path}: from ${shown(path, change.from)} to ${shown(path, value)}`),
        ),
    );

/** Databricks writes sums as 2500.000000000000000000. */
const withoutZeros = (value: unknown): string => String(value).replace(/^(\d+)(?:\.0+|(\.\d*?)0+)$/, '$1$2');
