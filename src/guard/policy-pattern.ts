/**
 * Which actions a rule of the operator's policy speaks of: one by its id, several by a glob, an area, a risk, or all of
 * them. A pattern that matches nothing is a typo, and a typo must not pass for a rule. Pure.
 */

import type { ActionFacts } from '../../tools/action.js';
import type { AreaFacts, Risk } from '../../tools/index.js';
import { similar } from '../core/similar.js';

export interface Pattern {
  /** As it was written. */
  readonly text: string;
  /** Of two rules of one layer the one with the higher rank wins: id, glob, area, risk, everything. */
  readonly rank: number;
  /** Present where the rule speaks of a risk and names no action. */
  readonly risk?: Risk;
  /** Whether it speaks of this action when a call of it has this risk. */
  matches(action: ActionFacts, risk: Risk): boolean;
}

/** A pattern that matches no action. */
export interface Mistake {
  /** What may have been meant. */
  readonly fix: string;
}

const ranks = { everything: 0, risk: 1, area: 2, glob: 3, id: 4 };
const prefix = 'databricks_';
const short = ({ id }: ActionFacts) => id.slice(prefix.length);

export const risks: readonly Risk[] = ['read', 'write', 'privilege', 'destructive', 'secret'];

/** True where a call needs a person's yes unless the operator says otherwise. */
export const isRisky = (risk: Risk): boolean => risk !== 'read' && risk !== 'write';

export function readPattern(text: string, areas: readonly AreaFacts[]): Pattern | Mistake {
  const actions = areas.flatMap((area) => area.actions);
  const risk = risks.find((each) => each === text);
  if (risk !== undefined) return { text, rank: ranks.risk, risk, matches: (_, of) => of === risk };
  if (/^\*+$/.test(text)) return { text, rank: ranks.everything, matches: () => true };
  const area = areas.find(({ id }) => text === `area:${id}`);
  if (area !== undefined) return { text, rank: ranks.area, matches: among(area.actions) };
  const isGlob = text.includes('*');
  // Without its prefix `d*` speaks of delete and download; read against whole ids it would speak of everything.
  const name = text.startsWith(prefix) ? text.slice(prefix.length) : text;
  const wanted = isGlob && /^[a-z_*]+$/.test(name) ? new RegExp(`^${name.replaceAll(/\*+/g, '.*')}$`) : undefined;
  const chosen = actions.filter((each) => wanted?.test(short(each)) ?? short(each) === name);
  if (chosen.length > 0) return { text, rank: isGlob ? ranks.glob : ranks.id, matches: among(chosen) };
  return { fix: meant(text, name, areas) };
}

/** By id: who asks may hold the whole action or its facts alone. */
function among(actions: readonly ActionFacts[]): Pattern['matches'] {
  const ids = new Set(actions.map(({ id }) => id));
  return ({ id }) => ids.has(id);
}

/** A word of the operator's in a message of ours: quoted, cut, one line. */
export const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);

/** "Did you mean …?", or nothing when no name comes close. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const [guess] = similar(word.toLowerCase().slice(0, 100), known, 1);
  return guess === undefined ? undefined : `Did you mean ${guess}?`;
}

function meant(text: string, name: string, areas: readonly AreaFacts[]): string {
  const ids = areas.map(({ id }) => id);
  if (ids.includes(text)) return `Did you mean area:${text}?`;
  if (text.startsWith('area:')) {
    // Without the beginning they share: with it every short name is close to every other.
    const [guess] = similar(text.slice('area:'.length).toLowerCase().slice(0, 100), ids, 1);
    return guess === undefined ? `The areas are ${ids.join(', ')}.` : `Did you mean area:${guess}?`;
  }
  const names = areas.flatMap(({ actions }) => actions.map(short));
  const globs = names.flatMap((each) => [each.replace(/_.*/, '_*'), each.replace(/^[^_]*_/, '*_')]);
  const known = text.includes('*') ? [...new Set(globs)] : [...risks, ...names, ...ids.map((id) => `area:${id}`)];
  return (
    didYouMean(name, known) ??
    `Name an action, a glob such as delete_*, area:<area> (${ids.join(', ')}) or a risk (${risks.join(', ')}).`
  );
}
