/** An action as the `actions` command tells it to scripts, and what of it a search looks at. Pure. */
import { type Action, areas, type Risk } from '../../../tools/index.js';
import { toolSchema } from '../../core/schema.js';
import { onCloud, opens } from '../../core/scopes.js';
import type { Cloud } from '../../databricks/config.js';

export interface Entry {
  readonly area: string;
  readonly action: Action;
}

/** What to list. Every condition that is there has to hold. */
export interface Selection {
  readonly words?: readonly string[];
  readonly area?: string;
  readonly risk?: Risk;
  readonly cloud?: Cloud;
  /** Granted scopes that have to open the action. */
  readonly granted?: readonly string[];
}

export const areaOf = (action: Action) => areas.find((area) => area.actions.includes(action));

export function select({ words = [], area, risk, cloud, granted }: Selection): Entry[] {
  const wanted = words.map((word) => word.toLowerCase());
  return areas
    .filter(({ id }) => area === undefined || id === area)
    .flatMap(({ id, actions }) => actions.map((action) => ({ area: id, action })))
    .filter(
      ({ action }) =>
        (risk === undefined || action.risk === risk) &&
        onCloud(cloud, action) &&
        (granted === undefined || opens(granted, action)) &&
        wanted.every((word) => searched(action).includes(word)),
    );
}

const searched = ({ id, label, scopes, description }: Action) =>
  [id, label, ...scopes, description].join('\n').toLowerCase();

export function facts({ area, action }: Entry): Record<string, unknown> {
  const { id, label, scopes, risk, effect, clouds, description } = action;
  return { id, label, area, scopes, risk, effect, clouds, description };
}

export function allFacts(entry: Entry): Record<string, unknown> {
  const { action } = entry;
  return {
    ...facts(entry),
    ...(action.role !== undefined && { role: action.role }),
    ...(action.setUp !== undefined && { set_up: action.setUp }),
    ...(action.kind === 'http' ? { method: action.method, path: action.path } : { composed: true }),
    input_schema: toolSchema(action),
  };
}
