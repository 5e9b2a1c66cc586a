/**
 * The journal held against what the account has done: every effect has an intent before it, and one that needs a person
 * has that person's approval in it. Reads the file as it is, line by line, with no code of the server's.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Effect } from '../../src/sandbox/index.js';
import { isRisky } from '../end-to-end/risky.js';
import { effectKey } from './actions.js';
import type { Done } from './history.js';

/** A record, as far as it is looked at. */
export interface Entry {
  readonly type: string;
  readonly id: string;
  readonly time: string;
  readonly action?: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly approval?: { readonly id: string };
  readonly outcome?: string;
  readonly facts?: { readonly approval?: string };
}

/** All records in the state folder below this home, oldest first. A last line that a dying process tore is none. */
export function journalIn(home: string): Entry[] {
  const folder = join(home, 'state', 'databricks-actions-mcp', 'journal');
  return filesIn(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n').flatMap(entryOf));
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
  } catch {
    return [];
  }
}

function entryOf(line: string): Entry[] {
  try {
    return [JSON.parse(line) as Entry];
  } catch {
    return [];
  }
}

export interface Recorded {
  readonly calls: readonly Done[];
  readonly effects: readonly Effect[];
  readonly journal: readonly Entry[];
  /** Whether a person has to be asked before a risky call. */
  readonly asks: boolean;
}

/** Effects that the journal does not tell of, tells of too late, or tells of without the approval they needed. */
export function unrecorded({ calls, effects, journal, asks }: Recorded): string[] {
  const given = new Set(
    journal.flatMap(({ type, facts }) => (type === 'approval_given' && facts?.approval ? [facts.approval] : [])),
  );
  const spent = new Map<string, string>();
  return effects.flatMap((effect) => {
    const told = `${effect.method} ${effect.path} ${effect.detail ?? ''}`;
    const intents = intentsOf(effect, calls, journal).filter(({ time }) => Date.parse(time) <= effect.time);
    if (intents.length === 0) return [`an effect without an intent before it: ${told}`];
    if (!asks) return [];
    const wrong: string[] = [];
    for (const { id, action = '', approval } of intents) {
      if (!isRisky(action)) continue;
      if (approval === undefined || !given.has(approval.id)) wrong.push(`sent without a person's approval: ${told}`);
      else if ((spent.get(approval.id) ?? id) !== id) wrong.push(`an approval used twice: ${told}`);
      else spent.set(approval.id, id);
    }
    return wrong;
  });
}

/** What the account did for calls nobody was answered must be found in the journal, as done or as unknown. */
export function unnoticed({ calls, effects, journal }: Recorded): string[] {
  const known = new Map(journal.flatMap(({ type, id, outcome }) => (type === 'outcome' ? [[id, outcome]] : [])));
  return effects.flatMap((effect) => {
    const outcomes = intentsOf(effect, calls, journal).map(({ id }) => known.get(id));
    const isTold = outcomes.some((outcome) => outcome !== 'not_applied');
    return isTold ? [] : [`an effect that the journal says did not happen: ${effect.method} ${effect.path}`];
  });
}

/** Intents of the calls that can have had this effect. */
function intentsOf(effect: Effect, calls: readonly Done[], journal: readonly Entry[]): Entry[] {
  const key = effectKey(effect);
  const causes = calls.map(({ planned }) => planned).filter(({ write }) => write?.key === key);
  return journal.filter(
    ({ type, action, arguments: given = {} }) =>
      type === 'intent' &&
      causes.some(
        ({ tool, args }) =>
          tool === action && Object.entries(args).every(([name, value]) => plain(given[name]) === plain(value)),
      ),
  );
}

/** Ids are digits in a call and may be numbers in a record. */
const plain = (value: unknown): string => JSON.stringify(value)?.replaceAll('"', '') ?? '';
