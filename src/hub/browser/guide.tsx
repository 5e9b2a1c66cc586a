/** Makes the guide answer at once: every choice redraws scopes, steps and address with the server's own components. */

import type { Separator } from '../../core/scopes.js';
import { splitScopes } from '../../core/scopes.js';
import { needsOf } from '../guide/needs.js';
import { type ChoiceArea, isFound, readSelection, type Selection, writeSelection } from '../guide/selection.js';
import { count } from '../pages/named.js';
import { ScopesNeeded } from '../pages/scopes-needed.js';
import { share, told } from '../pages/selector.js';
import { Steps } from '../pages/steps.js';
import { speak } from './speak.js';

export function enliven(guide: HTMLElement, form: HTMLFormElement): void {
  const areas = JSON.parse(document.getElementById('catalogue')?.textContent ?? '[]') as ChoiceArea[];
  const total = areas.flatMap(({ choices }) => choices).length;
  const isAlone = guide.dataset.alone !== undefined;
  const boxes = [...form.querySelectorAll<HTMLInputElement>('input[type=checkbox][name=actions]')];
  const at = (id: string) => document.getElementById(id) as HTMLElement;

  const read = (): Selection => {
    const fields = new FormData(form);
    return {
      by: fields.get('by') === 'scopes' ? 'scopes' : 'actions',
      actions: new Set(fields.getAll('actions').map(String)),
      scopes: splitScopes(fields.getAll('scopes').join(' ')),
      separator: fields.get('sep') as Separator,
      search: String(fields.get('q') ?? ''),
    };
  };

  const narrow = ({ search, by }: Selection) => {
    at('by-actions').hidden = by !== 'actions';
    at('by-scopes').hidden = by !== 'scopes';
    let found = 0;
    for (const area of areas) {
      const names = area.choices.filter((choice) => isFound(choice, search)).map(({ name }) => name);
      found += names.length;
      for (const row of form.querySelectorAll<HTMLElement>(`[data-area="${area.id}"] [data-choice]`)) {
        row.hidden = !names.includes(row.dataset.choice ?? '');
      }
      const whole = form.querySelector<HTMLElement>(`[data-area="${area.id}"]`);
      if (whole !== null) whole.hidden = names.length === 0;
    }
    at('nothing').hidden = found > 0;
    return found;
  };

  const draw = () => {
    const selection = read();
    const needs = needsOf(selection, areas);
    const found = narrow(selection);
    redraw(at('scopes-needed'), String(<ScopesNeeded needs={needs} by={selection.by} />));
    redraw(at('steps'), String(<Steps needs={needs} alone={isAlone} />));
    tell('count', told(needs));
    tell('scopes', needs.isOpen ? '' : needs.text);
    tell('of', share(needs, total));
    tell('text', needs.text);
    keep(writeSelection(selection, areas));
    return { selection, needs, found };
  };

  const keep = (query: string) => {
    // A file cannot change its query; what follows the # is its own.
    const address = isAlone ? `#${query.slice(1)}` : `${location.pathname}${query}`;
    history.replaceState(history.state, '', address);
    for (const link of guide.querySelectorAll<HTMLAnchorElement>('[data-follows]')) link.search = query;
  };

  const choose = (isMeant: (box: HTMLInputElement) => boolean, isChosen: boolean) => {
    for (const box of boxes) if (isMeant(box)) box.checked = isChosen;
    announce();
  };
  const isShown = (box: HTMLInputElement) => box.closest('[hidden]') === null;

  const announce = () => {
    const { needs, selection, found } = draw();
    later(() => {
      const scopes = needs.isOpen ? '' : `, scopes ${needs.scopes.map(({ scope }) => scope).join(', ')}`;
      const narrowed =
        selection.search === '' ? '' : `${found === 0 ? 'No action matches' : `${count(found)} shown`}. `;
      speak(`${narrowed}${told(needs)}${scopes}`);
    });
  };

  const apply = (query: string) => {
    const selection = readSelection(new URLSearchParams(query), areas);
    for (const box of boxes) box.checked = selection.actions.has(box.value);
    for (const radio of form.querySelectorAll<HTMLInputElement>('[name=by]'))
      radio.checked = radio.value === selection.by;
  };

  if (isAlone && location.hash.includes('=')) apply(location.hash.slice(1));
  for (const each of guide.querySelectorAll<HTMLElement>('[data-away-with-script]')) each.hidden = true;
  // The separator's radios belong to the form without standing in it.
  document.addEventListener('input', (event) => {
    if (event.target instanceof HTMLInputElement && event.target.form === form) announce();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  at('select-all').addEventListener('click', () => choose(isShown, true));
  at('clear').addEventListener('click', () => choose(() => true, false));
  form.addEventListener('click', ({ target }) => {
    const whole = target instanceof Element ? target.closest<HTMLElement>('[data-whole]') : null;
    if (whole === null) return;
    const inArea = (box: HTMLInputElement) =>
      isShown(box) && box.closest('[data-area]') === whole.closest('[data-area]');
    choose(inArea, !boxes.filter(inArea).every(({ checked }) => checked));
  });
  draw();
}

const tell = (what: string, text: string) => {
  for (const place of document.querySelectorAll(`[data-told="${what}"]`)) place.textContent = text;
};

/** What was folded out stays so, and a focused button keeps its focus. */
function redraw(place: HTMLElement, html: string): void {
  if (place.innerHTML === html) return;
  const open = [...place.querySelectorAll<HTMLElement>('details[open]')].map(({ dataset }) => dataset.fold);
  place.innerHTML = html;
  for (const each of place.querySelectorAll<HTMLDetailsElement>('details'))
    each.open = open.includes(each.dataset.fold);
}

let waiting: ReturnType<typeof setTimeout> | undefined;

/** Whoever ticks many boxes hears the sum, not each step. */
function later(run: () => void): void {
  clearTimeout(waiting);
  waiting = setTimeout(run, 500);
}
