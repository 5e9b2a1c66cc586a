/**
 * What somebody has chosen in the guide, and how an address says it. Pure, and the same on the server and in the browser.
 *
 * `actions=users,list_budgets` are actions: a name, or an area's id where all of it is chosen, or `all`.
 * `scopes=billing,scim` are scopes instead; `by` tells which of the two counts where both are there. `sep=comma` is what stands between scopes. The names stay what they are: such
 * addresses are sent to others and kept.
 */
import type { Action, Cloud } from '../../../tools/action.js';
import { type Separator, separators, splitScopes } from '../../core/scopes.js';

/** An action, as far as choosing it goes. */
export interface Choice {
  /** Its id without `databricks_`. */
  readonly name: string;
  readonly label: string;
  readonly scopes: Action['scopes'];
  readonly risk: Action['risk'];
  readonly clouds: readonly Cloud[];
  /** Databricks is known to ask for the role Account admin. */
  readonly admin: boolean;
  readonly setUp?: string;
}

export interface ChoiceArea {
  readonly id: string;
  readonly title: string;
  readonly choices: readonly Choice[];
}

export interface Selection {
  readonly by: 'actions' | 'scopes';
  readonly actions: ReadonlySet<string>;
  /** Also such as open none of the actions here: Databricks may know more scopes than this program. */
  readonly scopes: readonly string[];
  readonly separator: Separator;
  /** Words the list is narrowed to. */
  readonly search: string;
}

/** What an address says, and the names in it that mean nothing here, cut to what can be shown. */
export function readSelection(query: URLSearchParams, areas: readonly ChoiceArea[]): Selection & { unknown: string[] } {
  const named = query.getAll('actions').flatMap((each) => each.split(/[\s,]+/).filter((name) => name !== ''));
  const scopes = splitScopes(query.getAll('scopes').join(' '));
  const known = new Map<string, readonly string[]>([
    ['all', areas.flatMap(namesOf)],
    ...areas.map((area) => [area.id, namesOf(area)] as const),
    ...areas.flatMap(namesOf).map((name) => [name, [name]] as const),
  ]);
  const found = named.map((name) => ({ name, meant: known.get(name.toLowerCase().replace(/^databricks_/, '')) }));
  const separator = query.get('sep') ?? '';
  const by = query.get('by');
  return {
    by: by === 'scopes' || (by !== 'actions' && scopes.length > 0) ? 'scopes' : 'actions',
    actions: new Set(found.flatMap(({ meant }) => meant ?? [])),
    scopes: scopes.filter(isScope).slice(0, mostScopes),
    separator: Object.hasOwn(separators, separator) ? (separator as Separator) : 'space',
    search: (query.get('q') ?? '').slice(0, 100),
    unknown: [
      ...found.filter(({ meant }) => meant === undefined).map(({ name }) => name),
      ...scopes.filter((scope) => !isScope(scope)),
    ].map((name) => name.slice(0, 60)),
  };
}

const mostScopes = 40;

/** What can be a scope at all: anything else in an address is a mistake or worse. */
const isScope = (text: string) => /^[\w.:/-]{1,64}$/.test(text);

const namesOf = ({ choices }: ChoiceArea) => choices.map(({ name }) => name);

/** The query of the shortest address that says the same; empty when nothing is chosen. */
export function writeSelection({ by, actions, scopes, separator }: Selection, areas: readonly ChoiceArea[]): string {
  const isWhole = (area: ChoiceArea) => area.choices.every(({ name }) => actions.has(name));
  const names = areas.every(isWhole)
    ? ['all']
    : areas.flatMap((area) => (isWhole(area) ? [area.id] : namesOf(area).filter((name) => actions.has(name))));
  const chosen = by === 'actions' ? names : scopes;
  const parts = [
    // Commas as they are: escaped ones would make the address half as long again.
    ...(chosen.length > 0
      ? [`${by}=${chosen.map(encodeURIComponent).join(',')}`]
      : by === 'scopes'
        ? ['by=scopes']
        : []),
    ...(separator === 'space' ? [] : [`sep=${separator}`]),
  ];
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** True when each of the words stands in the label, the name or a scope. */
export function isFound({ name, label, scopes }: Choice, search: string): boolean {
  const text = [label, name, `databricks_${name}`, ...scopes].join('\n').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
