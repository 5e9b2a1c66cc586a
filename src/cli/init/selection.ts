/** Picking actions: what a person types adds to a selection, takes from it or searches. Pure; nothing is preselected. */
import { type Action, actions, areas } from '../../../tools/index.js';
import { everything, leastScopes, opens } from '../../core/scopes.js';
import { readPattern } from '../../guard/policy-pattern.js';
import { select } from '../catalogue/entry.js';
import { shortName } from '../names.js';

export type Picked =
  | { readonly kind: 'changed'; readonly chosen: ReadonlySet<Action>; readonly by: number }
  | { readonly kind: 'everything' }
  /** Nothing is chosen by it: an area was opened, or words were looked for. */
  | { readonly kind: 'shown'; readonly title: string; readonly actions: readonly Action[] }
  | { readonly kind: 'unknown'; readonly hint: string };

const isEverything = (text: string) => ['everything', everything].includes(text.toLowerCase());

/** `list_users`, `list_*`, `area:users`, `read`; with `-` before it what it names is taken out. */
export function pick(chosen: ReadonlySet<Action>, typed: string): Picked {
  const text = typed.trim();
  if (isEverything(text)) return { kind: 'everything' };
  const area = /^\d+$/.test(text) ? areas[Number(text) - 1] : undefined;
  if (area !== undefined) return { kind: 'shown', title: area.title, actions: area.actions };
  const words = text.split(/[\s,]+/);
  const result = new Set(chosen);
  for (const word of words) {
    const out = word.startsWith('-');
    const pattern = readPattern(out ? word.slice(1) : word, areas);
    if ('fix' in pattern) return searched(text, pattern.fix);
    for (const action of actions.filter((each) => pattern.matches(each, each.risk))) {
      if (out) result.delete(action);
      else result.add(action);
    }
  }
  return { kind: 'changed', chosen: result, by: result.size - chosen.size };
}

function searched(text: string, hint: string): Picked {
  // People write "delete users"; the actions speak of one.
  const words = text.split(/\s+/).map((word) => word.replace(/s$/i, ''));
  const found = select({ words }).map(({ action }) => action);
  return found.length > 0
    ? { kind: 'shown', title: `Found for ${JSON.stringify(text.slice(0, 60))}`, actions: found }
    : { kind: 'unknown', hint: `Nothing is found for ${JSON.stringify(text.slice(0, 60))}. ${hint}` };
}

/** The scopes for these patterns; a word that names nothing is told. */
export function scopesFor(
  patterns: readonly string[],
): { readonly scopes: string[]; readonly remarks: string[]; readonly onlyReads: boolean } | { readonly hint: string } {
  if (patterns.some(isEverything)) return { scopes: [everything], remarks: [], onlyReads: false };
  const chosen = new Set<Action>();
  for (const text of patterns) {
    const pattern = readPattern(text, areas);
    if ('fix' in pattern) return { hint: `${JSON.stringify(text.slice(0, 60))} names no action. ${pattern.fix}` };
    for (const action of actions) if (pattern.matches(action, action.risk)) chosen.add(action);
  }
  return { scopes: leastScopes([...chosen]), remarks: widened([...chosen]), onlyReads: onlyReads(chosen) };
}

/** No scope that is known keeps to reads: who chose nothing else has the server keep to them. */
export const onlyReads = (chosen: ReadonlySet<Action>): boolean =>
  chosen.size > 0 && [...chosen].every(({ risk }) => risk === 'read');

/** What is chosen, and what its scopes open besides: scopes are coarser than actions. */
export function summary(chosen: ReadonlySet<Action>): string {
  if (chosen.size === 0) return 'Nothing is chosen.';
  const scopes = leastScopes([...chosen]);
  const open = actions.filter((action) => opens(scopes, action)).length;
  const names = [...chosen].map(({ id }) => shortName(id));
  const shown = names.length > 12 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', ');
  const least = `Least scopes: ${scopes.join(' ')} (they open ${open} actions in all).`;
  return [`Chosen: ${shown}.`, least, ...widened([...chosen])].join('\n');
}

/** Some actions have no scope of their own: choosing one opens everything, and nobody shall overlook that. */
function widened(chosen: readonly Action[]): string[] {
  const wide = chosen.filter(({ scopes }) => scopes[0] === everything);
  if (wide.length === 0) return [];
  const names = wide.slice(0, 4).map(({ id }) => shortName(id));
  const more = wide.length > names.length ? ` and ${wide.length - names.length} more` : '';
  return [
    `It takes ${everything}, the widest scope, because of ${names.join(', ')}${more}. Without these it takes less.`,
  ];
}
