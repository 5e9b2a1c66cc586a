/**
 * What the service principal may do: which actions the granted scopes and the cloud open. Before the first token the
 * configured scopes decide; from then on the token does, for every client of the process.
 */
import type { Action, Cloud } from '../tools/action.js';
import { type ActionError, failed } from './core/errors.js';
import { onCloud, opens } from './core/scopes.js';

export interface Access {
  readonly scopes: readonly string[];
  /** True once a token has told the scopes; until then they are the configured ones. */
  readonly confirmed: boolean;
  /** The open actions, in the catalogue's order. The same array until something changes. */
  readonly permitted: readonly Action[];
  isOpen(action: Action): boolean;
  /** Why an action is closed, and what would open it. */
  refusal(action: Action): ActionError;
  /** Takes the scopes of a token. */
  learn(scopes: readonly string[]): void;
  /** Calls the listener when the list of open actions has changed; returns how to stop that. */
  onChange(listener: () => void): () => void;
}

export function createAccess(
  actions: readonly Action[],
  configured: readonly string[],
  cloud: Cloud | undefined,
): Access {
  const listeners = new Set<() => void>();
  const select = (scopes: readonly string[]) =>
    actions.filter((action) => onCloud(cloud, action) && opens(scopes, action));
  let scopes = configured;
  let confirmed = false;
  let permitted = select(scopes);
  return {
    get scopes() {
      return scopes;
    },
    get confirmed() {
      return confirmed;
    },
    get permitted() {
      return permitted;
    },
    isOpen: (action) => permitted.includes(action),
    refusal(action) {
      if (!onCloud(cloud, action)) {
        return failed('not_available', `${action.id} does not exist on ${cloud}; only on ${action.clouds.join(', ')}.`);
      }
      const [scope] = action.scopes;
      return failed('not_available', `${action.id} needs the scope ${scope}; granted: ${scopes.join(' ')}.`, {
        scope,
        next: `Make a secret bound to ${scope} (or all-apis) and set it, with the scope in --scopes or DATABRICKS_SCOPES.`,
      });
    },
    learn(granted) {
      confirmed = true;
      scopes = granted;
      const now = select(scopes);
      if (now.length === permitted.length && now.every((action, index) => action === permitted[index])) return;
      permitted = now;
      for (const listener of listeners) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
