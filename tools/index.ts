/** The catalogue: every action, by service area, in a fixed order. */
import type { Action, ActionFacts, Effect } from './action.js';
import * as billing from './billing.js';
import * as groups from './groups.js';
import * as ipAccessLists from './ip-access-lists.js';
import * as logDelivery from './log-delivery.js';
import * as metastores from './metastores.js';
import * as oauthApps from './oauth-apps.js';
import * as provisioning from './provisioning.js';
import * as servicePrincipals from './service-principals.js';
import * as unified from './unified.js';
import * as users from './users.js';
import * as workspaces from './workspaces.js';

export type { Action, ActionFacts, DerivedAction, HttpAction, Outcome, Risk, Scope } from './action.js';

export interface Area<A extends ActionFacts = Action> {
  readonly id: string;
  readonly title: string;
  readonly actions: readonly A[];
  /** Names for several areas at once: what one kind of administrator works with. */
  readonly presets?: readonly Preset[];
}

/** An area as far as lists and policies need it. */
export type AreaFacts = Area<ActionFacts>;

export type Preset = 'identity' | 'platform' | 'security';

/**
 * An area is what its file exports, so an action is added in one place. A module lists its exports by name; here they
 * stand as a reader looks for them: lists, other reads, then what creates, adds, sets and removes.
 */
const area = (
  id: string,
  title: string,
  declarations: Readonly<Record<string, Action>>,
  presets: readonly Preset[] = [],
): Area => ({
  id,
  title,
  actions: Object.values(declarations).sort((a, b) => rank(a) - rank(b)),
  presets,
});

const order: readonly Effect[] = ['read', 'create', 'add', 'set', 'remove'];
const rank = (action: Action) => order.indexOf(action.effect) * 2 + (/_list_/.test(action.id) ? 0 : 1);

export const areas: readonly Area[] = [
  area('billing', 'Billing and budgets', billing),
  area('log-delivery', 'Log delivery', logDelivery, ['security']),
  area('oauth-apps', 'OAuth app integrations', oauthApps, ['security']),
  area('users', 'Users', users, ['identity']),
  area('groups', 'Groups', groups, ['identity']),
  area('service-principals', 'Service principals and secrets', servicePrincipals, ['identity', 'security']),
  area('ip-access-lists', 'IP access lists', ipAccessLists, ['security']),
  area('metastores', 'Metastores', metastores, ['platform']),
  area('provisioning', 'Credential, storage and network configurations', provisioning, ['platform']),
  area('workspaces', 'Workspaces and permission assignments', workspaces, ['platform']),
  area('unified', 'Unified identity', unified, ['identity']),
];

/** All actions, in the order they are listed to a client. */
export const actions: readonly Action[] = areas.flatMap((each) => each.actions);
