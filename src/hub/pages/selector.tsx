/** The form to choose actions, or scopes: complete without scripts, and what the page's script makes lively. */
import { everything, opens, type Separator, separators } from '../../core/scopes.js';
import type { Needs } from '../guide/needs.js';
import { type Choice, type ChoiceArea, isFound, type Selection } from '../guide/selection.js';
import { cloudNames, count, Id } from './named.js';

interface SelectorProps {
  areas: readonly ChoiceArea[];
  selection: Selection;
  needs: Needs;
  /** The page is a file: there is nobody to send the form to. */
  alone: boolean;
}

export const Selector = ({ areas, selection, needs, alone }: SelectorProps) => (
  <form id="choose" method="get" {...(!alone && { action: '/hub' })} autocomplete="off" class="stack">
    {alone && (
      <p data-without-script="">
        Without scripts this file shows one choice. To make another, allow scripts or open the hub.
      </p>
    )}
    <fieldset class="choices">
      <legend class="visually-hidden">Choose by</legend>
      <By name="actions" title="By action" selection={selection} />
      <By name="scopes" title="By scope" selection={selection} />
    </fieldset>
    <div id="by-actions" class="stack" hidden={selection.by !== 'actions'}>
      <Finder search={selection.search} />
      {areas.map((area) => (
        <Area area={area} selection={selection} />
      ))}
      <p id="nothing" class="empty" hidden={areas.some((area) => shows(area, selection))}>
        No action matches. Try another word: part of a name such as <Id>list</Id>, or a scope such as <Id>billing</Id>.
      </p>
    </div>
    <div id="by-scopes" class="stack" hidden={selection.by !== 'scopes'}>
      <ScopeChoices areas={areas} selection={selection} />
    </div>
    <Tray needs={needs} alone={alone} />
  </form>
);

const By = ({ name, title, selection }: { name: Selection['by']; title: string; selection: Selection }) => (
  <label class="choice">
    <input type="radio" name="by" value={name} checked={selection.by === name} />
    {title}
  </label>
);

const Finder = ({ search }: { search: string }) => (
  <div class="finder row">
    <div class="finder-field">
      <label class="visually-hidden" for="search">
        Search actions by name, id or scope
      </label>
      <input
        type="search"
        id="search"
        name="q"
        value={search}
        maxlength={100}
        placeholder="Search by name, id or scope"
        spellcheck={false}
      />
    </div>
    <button type="button" class="button" id="select-all" data-needs-script="">
      Select all<span class="visually-hidden"> that are shown</span>
    </button>
    <button type="button" class="button" id="clear" data-needs-script="">
      Clear
    </button>
  </div>
);

const shows = ({ choices }: ChoiceArea, { search }: Selection) => choices.some((choice) => isFound(choice, search));

const Area = ({ area, selection }: { area: ChoiceArea; selection: Selection }) => (
  <fieldset class="area" data-area={area.id} hidden={!shows(area, selection)}>
    <legend>{area.title}</legend>
    <button type="button" class="button is-quiet" data-needs-script="" data-whole={area.id}>
      All<span class="visually-hidden"> of {area.title}</span>
    </button>
    <ul class="plain picks">
      {area.choices.map((choice) => (
        <li data-choice={choice.name} hidden={!isFound(choice, selection.search)}>
          <Pick choice={choice} isChosen={selection.actions.has(choice.name)} />
        </li>
      ))}
    </ul>
  </fieldset>
);

const Pick = ({ choice: { name, label, scopes, risk, clouds }, isChosen }: { choice: Choice; isChosen: boolean }) => (
  <label class="pick">
    <input
      type="checkbox"
      name="actions"
      value={name}
      checked={isChosen}
      aria-labelledby={`name-${name}`}
      aria-describedby={`facts-${name}`}
    />
    <span class="pick-name">
      <span id={`name-${name}`}>{label}</span> <Id>{name}</Id>
    </span>
    <span class="pick-facts" id={`facts-${name}`}>
      {clouds.length < 3 && (
        <>
          <span class="badge">{clouds.map((cloud) => cloudNames[cloud]).join(' and ')} only</span>{' '}
        </>
      )}
      <span class={`badge ${tones[risk]}`}>{risk}</span> <span class="badge is-scope">{scopes.join(' or ')}</span>
    </span>
  </label>
);

const tones = {
  read: '',
  write: 'is-info',
  privilege: 'is-warning',
  destructive: 'is-danger',
  secret: 'is-secret',
} as const;

const ScopeChoices = ({ areas, selection }: { areas: readonly ChoiceArea[]; selection: Selection }) => {
  const all = areas.flatMap(({ choices }) => choices);
  const known = [everything, ...new Set(all.flatMap(({ scopes }) => scopes))].filter(isFirst);
  const named = [known[0] ?? everything, ...known.slice(1).sort()];
  return (
    <>
      <ul class="plain picks card">
        {named.map((scope) => (
          <li>
            <label class="pick">
              <input type="checkbox" name="scopes" value={scope} checked={selection.scopes.includes(scope)} />
              <span class="pick-name">
                <Id>{scope}</Id> <ScopeWords scope={scope} areas={areas} />
              </span>
              <span class="pick-facts">
                <span class="badge">{count(all.filter((choice) => opens([scope], choice)).length)}</span>
              </span>
            </label>
          </li>
        ))}
      </ul>
      <div class="field">
        <label for="other-scopes">Other scopes</label>
        <span class="hint" id="other-scopes-hint">
          Separated by spaces. One that ends in <Id>:read</Id>, such as <Id>scim:read</Id>, opens only what reads.
        </span>
        <input
          type="text"
          id="other-scopes"
          name="scopes"
          aria-describedby="other-scopes-hint"
          value={selection.scopes.filter((scope) => !named.includes(scope)).join(' ')}
          maxlength={500}
          autocapitalize="off"
          spellcheck={false}
        />
      </div>
    </>
  );
};

const isFirst = (scope: string, index: number, scopes: readonly string[]) => scopes.indexOf(scope) === index;

const ScopeWords = ({ scope, areas }: { scope: string; areas: readonly ChoiceArea[] }) => (
  <span class="muted small">
    {scope === everything
      ? 'The default, and the widest choice: every action here and any other API the principal has rights to.'
      : areas
          .filter(({ choices }) => choices.some((choice) => opens([scope], choice)))
          .map(({ title }) => title)
          .join(', ')}
  </span>
);

/** Stays in sight on a narrow screen, where the scopes are far below; without scripts on any. */
const Tray = ({ needs, alone }: { needs: Needs; alone: boolean }) => (
  <div class="tray">
    <p>
      <strong data-told="count">{told(needs)}</strong> <code data-told="scopes">{needs.isOpen ? '' : needs.text}</code>
    </p>
    <a class="button is-quiet" href="#scopes">
      Scopes and guide
    </a>
    {!alone && (
      <button type="submit" class="button is-primary" data-away-with-script="">
        Show what this needs
      </button>
    )}
  </div>
);

export const told = ({ isOpen, choices }: Needs): string => (isOpen ? 'Nothing chosen' : count(choices.length));

export const share = ({ isOpen, choices }: Needs, total: number): string =>
  isOpen ? '' : `${choices.length} of ${total} actions`;

const separatorNames: Record<Separator, string> = {
  space: 'Space',
  comma: 'Comma',
  semicolon: 'Semicolon',
  pipe: 'Pipe',
  newline: 'New line',
};

/** Part of the form above, wherever it stands. */
export const SeparatorChoice = ({ selection }: { selection: Selection }) => (
  <fieldset class="choices small">
    <legend class="small">Between scopes</legend>
    {(Object.keys(separators) as Separator[]).map((name) => (
      <label class="choice">
        <input type="radio" form="choose" name="sep" value={name} checked={selection.separator === name} />
        {separatorNames[name]}
      </label>
    ))}
  </fieldset>
);
