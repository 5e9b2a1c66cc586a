/**
 * What may be done here: which actions the granted scopes, the cloud and the operator's policy open. Before the first
 * token the configured scopes decide; from then on the token does, for every client of the process.
 */
import type { Action, Cloud } from '../tools/action.js';
import { type ActionError, failed } from './core/errors.js';
import { onCloud, opens } from './core/scopes.js';
import { oneLine } from './core/visible.js';
import type { Policy } from './guard/policy.js';

export interface Access {
  readonly scopes: readonly string[];
  /** True once a token has told the scopes; until then they are the configured ones. */
  readonly confirmed: boolean;
  /** The open actions, in the catalogue's order. The same array until something changes. */
  readonly permitted: readonly Action[];
  /** `within`: the open action it is a part of, whose area counts for both. */
  isOpen(action: Action, within?: Action): boolean;
  /** Why an action is closed, and what would open it. */
  refusal(action: Action, within?: Action): ActionError;
  /** Takes the scopes of a token. */
  learn(scopes: readonly string[]): void;
  /** Calls the listener when the list of open actions has changed; returns how to stop that. */
  onChange(listener: () => void): () => void;
}

export function createAccess(
  actions: readonly Action[],
  configured: readonly string[],
  cloud: Cloud | undefined,
  policy: Pick<Policy, 'isOn' | 'whyOff'>,
): Access {
  const listeners = new Set<() => void>();
  const isOpenWith = (scopes: readonly string[], action: Action, within?: Action) =>
    onCloud(cloud, action) && opens(scopes, action) && policy.isOn(action, within);
  const select = (scopes: readonly string[]) => actions.filter((action) => isOpenWith(scopes, action));
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
    isOpen: (action, within) =>
      within === undefined ? permitted.includes(action) : isOpenWith(scopes, action, within),
    refusal(action, within) {
      if (!onCloud(cloud, action)) {
        return failed('not_available', `${action.id} does not exist on ${cloud}; only on ${action.clouds.join(', ')}.`);
      }
      const off = policy.whyOff(action, within);
      if (off !== undefined) {
        return failed('not_available', `${action.id} is switched off by the operator: ${off}.`, {
          next: 'Only whoever runs this server can change that setting.',
        });
      }
      const [scope] = action.scopes;
      return failed(
        'not_available',
        `${action.id} needs the scope ${scope}; granted: ${oneLine(scopes.join(' '), 300)}.`,
        {
          scope,
          next: `Make a secret bound to ${scope} (or all-apis) and set it, with the scope in --scopes or DATABRICKS_SCOPES.`,
        },
      );
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
