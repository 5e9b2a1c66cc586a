/**
 * What may be done here: which actions the granted scopes, the cloud and the operator's policy open. Before the first
 * token the configured scopes decide; from then on the token does, for every client of the process.
 */
import type { ActionFacts, Cloud } from '../tools/action.js';
import { type ActionError, failed } from './core/errors.js';
import { onCloud, opens } from './core/scopes.js';
import { oneLine } from './core/visible.js';
import type { Policy } from './guard/policy.js';

export interface Opening {
  /** The open actions, in the catalogue's order. The same array until something changes. */
  readonly permitted: readonly ActionFacts[];
  /** `within`: the open action it is a part of, whose area counts for both. */
  isOpen(action: ActionFacts, within?: ActionFacts): boolean;
  /** Why an action is closed, and what would open it. */
  refusal(action: ActionFacts, within?: ActionFacts): ActionError;
}

export interface Access extends Opening {
  readonly scopes: readonly string[];
  /** True once a token has told the scopes; until then they are the configured ones. */
  readonly confirmed: boolean;
  /** What is open under a policy that was narrowed from the operator's. Without one, the operator's decides. */
  under(policy: Deciding | undefined): Opening;
  /** Takes the scopes of a token. */
  learn(scopes: readonly string[]): void;
  /** Calls the listener when the list of open actions has changed; returns how to stop that. */
  onChange(listener: () => void): () => void;
}

/** The part of a policy that opens and closes actions. */
export type Deciding = Pick<Policy, 'isOn' | 'whyOff'>;

const idsOf = (actions: readonly ActionFacts[]) => new Set<string>(actions.map(({ id }) => id));

export function createAccess(
  actions: readonly ActionFacts[],
  configured: readonly string[],
  cloud: Cloud | undefined,
  policy: Deciding,
): Access {
  const listeners = new Set<() => void>();
  const isOpenWith = (scopes: readonly string[], action: ActionFacts, within?: ActionFacts) =>
    onCloud(cloud, action) && opens(scopes, action) && policy.isOn(action, within);
  const select = (scopes: readonly string[]) => actions.filter((action) => isOpenWith(scopes, action));
  let scopes = configured;
  let confirmed = false;
  let permitted = select(scopes);
  /** By id: who asks may hold the whole action or its facts alone. */
  let open = idsOf(permitted);

  const refusal = (action: ActionFacts, within: ActionFacts | undefined, decides: Deciding): ActionError => {
    if (!onCloud(cloud, action)) {
      return failed('not_available', `${action.id} does not exist on ${cloud}; only on ${action.clouds.join(', ')}.`);
    }
    const off = decides.whyOff(action, within);
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
  };

  const whole: Opening = {
    get permitted() {
      return permitted;
    },
    isOpen: (action, within) => (within === undefined ? open.has(action.id) : isOpenWith(scopes, action, within)),
    refusal: (action, within) => refusal(action, within, policy),
  };

  /** Its list is only worth making for whoever lists. */
  const narrowed = (decides: Deciding): Opening => {
    let of: readonly ActionFacts[] | undefined;
    let left: readonly ActionFacts[] = [];
    return {
      get permitted() {
        if (of !== permitted) left = permitted.filter((action) => decides.isOn(action));
        of = permitted;
        return left;
      },
      isOpen: (action, within) => whole.isOpen(action, within) && decides.isOn(action, within),
      refusal: (action, within) => refusal(action, within, decides),
    };
  };
  const openings = new WeakMap<Deciding, Opening>([[policy, whole]]);

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
    isOpen: whole.isOpen,
    refusal: whole.refusal,
    under(decides = policy) {
      const opening = openings.get(decides) ?? narrowed(decides);
      openings.set(decides, opening);
      return opening;
    },
    learn(granted) {
      confirmed = true;
      scopes = granted;
      const now = select(scopes);
      if (now.length === permitted.length && now.every((action, index) => action === permitted[index])) return;
      permitted = now;
      open = idsOf(now);
      for (const listener of listeners) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
