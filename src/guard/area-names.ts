/**
 * The names that stand for areas wherever areas are named: an area, a preset of several, and `read-only`, which keeps
 * every area and gives up its writes. Pure.
 */

export interface NamedArea {
  readonly id: string;
  /** Presets it belongs to. */
  readonly presets?: readonly string[];
}

/** What a list of names leaves on. Without `areas` all of them are. */
export interface Chosen {
  readonly areas?: readonly string[];
  readonly readOnly: boolean;
}

const readOnly = 'read-only';

export const areaNames = (areas: readonly NamedArea[]): string[] => [
  ...new Set([...areas.map(({ id }) => id), ...areas.flatMap(({ presets = [] }) => presets), readOnly]),
];

/** Unknown names choose nothing: they are refused before. */
export function chosenBy(names: readonly string[], areas: readonly NamedArea[]): Chosen {
  const wanted = names.filter((name) => name !== readOnly);
  const isWanted = ({ id, presets = [] }: NamedArea) => [id, ...presets].some((name) => wanted.includes(name));
  return {
    readOnly: names.includes(readOnly),
    ...(wanted.length > 0 && { areas: areas.filter(isWanted).map(({ id }) => id) }),
  };
}
