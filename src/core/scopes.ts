/** What a set of OAuth scopes opens, and which scopes a set of actions needs. Pure; also meant for the browser. */
import type { Action, Cloud } from '../../tools/action.js';

/** The parts of an action that decide who may use it. */
type Gate = Pick<Action, 'scopes' | 'risk' | 'clouds'>;

export const everything = 'all-apis';

/** What may stand between scopes where somebody else reads them. */
export const separators = { space: ' ', comma: ',', semicolon: ';', pipe: '|', newline: '\n' } as const;

export type Separator = keyof typeof separators;

/** Splits what people write: spaces, commas, semicolons, pipes. Sorted, without duplicates. */
export function splitScopes(text: string): string[] {
  return [...new Set(text.split(/[\s,;|]+/).filter((scope) => scope !== ''))].sort();
}

/**
 * True when the granted scopes open the action: `all-apis` opens everything, any scope the action accepts opens it, and
 * `<scope>:read` opens the reads of that scope.
 */
export function opens(granted: readonly string[], action: Gate): boolean {
  return granted.some(
    (scope) =>
      scope === everything ||
      action.scopes.some((accepted) => scope === accepted || (action.risk === 'read' && scope === `${accepted}:read`)),
  );
}

/** True when the account API of this cloud has the action; an unknown cloud hides nothing. */
export const onCloud = (cloud: Cloud | undefined, action: Gate): boolean =>
  cloud === undefined || action.clouds.includes(cloud);

/** The scopes to ask for so that all these actions open: the first of each, sorted. `all-apis` makes others moot. */
export function leastScopes(actions: readonly Gate[]): string[] {
  const chosen = new Set<string>(actions.map((action) => action.scopes[0]));
  return chosen.has(everything) ? [everything] : [...chosen].sort();
}
