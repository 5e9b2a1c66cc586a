/** What a selection needs: scopes, role, clouds, preparation. Pure, and the same on the server and in the browser. */
import type { Cloud } from '../../../tools/action.js';
import { everything, leastScopes, opens, separators } from '../../core/scopes.js';
import type { Choice, ChoiceArea, Selection } from './selection.js';

export interface Needs {
  /** Nothing is chosen: the guide is about everything. */
  readonly isOpen: boolean;
  /** The actions meant: those chosen, or those the chosen scopes open. All where nothing is chosen. */
  readonly choices: readonly Choice[];
  readonly scopes: readonly ScopeNeed[];
  /** The scopes as one text. */
  readonly text: string;
  /** Actions for which only `all-apis` is known, where others are chosen that would do with less. */
  readonly wide: readonly Choice[];
  /** What would do without those. */
  readonly without: readonly string[];
  readonly admins: readonly Choice[];
  readonly setUps: readonly { readonly text: string; readonly choices: readonly Choice[] }[];
  /** Clouds that have at least one of the actions, and what they lack. */
  readonly clouds: readonly { readonly cloud: Cloud; readonly lacks: readonly Choice[] }[];
}

export interface ScopeNeed {
  readonly scope: string;
  /** The actions meant that it opens. */
  readonly opens: readonly Choice[];
  /** What it opens besides. */
  readonly also: readonly Choice[];
}

export function needsOf(selection: Selection, areas: readonly ChoiceArea[]): Needs {
  const all = areas.flatMap(({ choices }) => choices);
  const isOpen = selection.by === 'actions' ? selection.actions.size === 0 : selection.scopes.length === 0;
  const choices = isOpen ? all : all.filter((choice) => isMeant(choice, selection));
  const scopes = isOpen ? [everything] : selection.by === 'actions' ? leastScopes(choices) : widest(selection.scopes);
  const fine = choices.filter((choice) => choice.scopes[0] !== everything);
  return {
    isOpen,
    choices,
    scopes: scopes.map((scope) => {
      const opened = all.filter((choice) => opens([scope], choice));
      return {
        scope,
        opens: opened.filter((choice) => choices.includes(choice)),
        also: opened.filter((choice) => !choices.includes(choice)),
      };
    }),
    text: scopes.join(separators[selection.separator]),
    wide: isOpen || selection.by === 'scopes' ? [] : choices.filter((choice) => !fine.includes(choice)),
    without: leastScopes(fine),
    admins: choices.filter(({ admin }) => admin),
    setUps: [...new Set(choices.flatMap(({ setUp }) => setUp ?? []))].map((text) => ({
      text,
      choices: choices.filter(({ setUp }) => setUp === text),
    })),
    clouds: (['aws', 'azure', 'gcp'] as const)
      .map((cloud) => ({ cloud, lacks: choices.filter(({ clouds }) => !clouds.includes(cloud)) }))
      .filter(({ lacks }) => lacks.length < choices.length),
  };
}

const isMeant = (choice: Choice, { by, actions, scopes }: Selection) =>
  by === 'actions' ? actions.has(choice.name) : opens(scopes, choice);

/** Beside `all-apis` others change nothing. */
const widest = (scopes: readonly string[]) => (scopes.includes(everything) ? [everything] : scopes);
