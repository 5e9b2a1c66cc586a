/**
 * What a client gives up of its own accord, by address or by header: writes, areas, the list in favour of search. Pins
 * only take away; one that is not understood is refused, because what it was meant to forbid would be allowed. Pure.
 */
import { areaNames, chosenBy, type NamedArea } from '../guard/area-names.js';
import type { Pins } from '../guard/policy.js';
import { type RequestHead, valuesOf } from './guards.js';
import { type Refusal, refusal } from './refusal.js';

export const pinHeaders = {
  readOnly: 'x-databricks-mcp-readonly',
  areas: 'x-databricks-mcp-areas',
  tools: 'x-databricks-mcp-tools',
} as const;

export interface RequestPins extends Pins {
  /** Show the four tools of search mode in place of the list. */
  readonly search?: boolean;
}

/**
 * `words`: `readonly`, `search`, and `x` with a list of areas or presets, in any order: `/x/users,groups/readonly/mcp`. Before them may
 * stand `account/<name>`, which is no pin: it says which doors answer.
 */
export function readPins(
  words: readonly string[],
  head: RequestHead,
  areas: readonly NamedArea[],
): RequestPins | Refusal {
  const wrong = (what: string) => refusal(400, 'pins', what);
  let readOnly = false;
  let search = false;
  const lists: (readonly string[])[] = [];
  for (let at = words[0] === 'account' ? 2 : 0; at < words.length; at += 1) {
    if (words[at] === 'readonly') readOnly = true;
    else if (words[at] === 'search') search = true;
    else if (words[at] === 'x') {
      at += 1;
      lists.push(listOf(words[at] ?? ''));
    } else return wrong('Before the door an address may hold account/<name>, readonly, search and x/<area>,<area>.');
  }
  for (const value of valuesOf(head, pinHeaders.readOnly)) {
    if (!/^(true|false|1|0)$/i.test(value)) return wrong(`${pinHeaders.readOnly} is true or false.`);
    // False takes nothing back: the operator's word and the address stand.
    readOnly ||= /^(true|1)$/i.test(value);
  }
  for (const value of valuesOf(head, pinHeaders.tools)) {
    if (!/^(all|search)$/i.test(value)) return wrong(`${pinHeaders.tools} is all or search.`);
    search ||= /^search$/i.test(value);
  }
  lists.push(...valuesOf(head, pinHeaders.areas).map(listOf));
  const known = areaNames(areas);
  if (lists.flat().some((name) => !known.includes(name)) || lists.some((list) => list.length === 0)) {
    return wrong(`An area is not known. There are ${known.join(', ')}.`);
  }
  const chosen = lists.map((list) => chosenBy(list, areas));
  const [first, ...more] = chosen.flatMap(({ areas: some }) => (some === undefined ? [] : [some]));
  return {
    ...(search && { search }),
    ...((readOnly || chosen.some((each) => each.readOnly)) && { readOnly: true }),
    ...(first && { areas: first.filter((area) => more.every((list) => list.includes(area))) }),
  };
}

const listOf = (text: string) =>
  text
    .split(',')
    .map((area) => area.trim())
    .filter((area) => area !== '');
