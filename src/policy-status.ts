/** What `databricks_access_status` says of the operator's policy: what asks a person first, what is off, and why. Pure. */
import type { ActionFacts, Risk } from '../tools/action.js';
import type { AreaFacts } from '../tools/index.js';
import type { Policy } from './guard/policy.js';
import { isRisky } from './guard/policy-pattern.js';

/** Up to so many actions are named; more are counted by area, because every name costs the reader. */
const mostNamed = 20;

/** `isOpen`: whether scopes and cloud would open the action. */
export function policyStatus(
  policy: Policy,
  areas: readonly AreaFacts[],
  permitted: readonly ActionFacts[],
  isOpen: (action: ActionFacts) => boolean,
): Record<string, unknown> {
  const asking = permitted.filter((action) => policy.gateOfAction(action) === 'ask');
  const unasked = permitted.filter(
    (action) => isRisky(action.risk) && policy.gateOfAction(action) === 'allow_without_approval',
  );
  const isOff = (action: ActionFacts) => isOpen(action) && !policy.isOn(action);
  const off = areas.flatMap(({ actions }) => actions.filter(isOff));
  return {
    read_only: policy.readOnly,
    asks_a_person_first: countBy(asking, ({ risk }) => risk),
    ...(unasked.length > 0 && { allowed_without_approval: countBy(unasked, ({ risk }) => risk) }),
    approve_in: policy.approveIn,
    ...(off.length > 0 && { off: whatIsOff(policy, areas, off) }),
  };
}

function whatIsOff(policy: Policy, areas: readonly AreaFacts[], off: readonly ActionFacts[]): Record<string, unknown> {
  const areaOf = (action: ActionFacts) => areas.find(({ actions }) => actions.includes(action))?.id ?? '';
  return {
    by_risk: countBy(off, ({ risk }) => risk),
    ...(off.length <= mostNamed ? { actions: off.map(({ id }) => id) } : { by_area: countBy(off, areaOf) }),
    because_of: [...new Set(off.map((action) => policy.whyOff(action)))],
    to_open: 'Only whoever runs this server can change these settings.',
  };
}

function countBy(actions: readonly ActionFacts[], key: (action: ActionFacts) => Risk | string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const action of actions) counts[key(action)] = (counts[key(action)] ?? 0) + 1;
  return counts;
}
