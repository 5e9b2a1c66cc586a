/** What one caller may do here: never more than the operator's policy and what this server was granted. */
import type { ActionFacts } from '../../tools/action.js';
import type { Pins, Policy } from '../guard/policy.js';
import { risks as allRisks } from '../guard/policy-pattern.js';
import { type Caller, type CallerScope, scopeFor } from '../http/caller.js';
import type { RequestPins } from '../http/pins.js';

export interface Visit {
  /** Who calls, as the server knows it. */
  readonly caller: string;
  /** The operator's policy, narrowed. */
  readonly policy: Policy;
  /** Four tools that find and run actions stand for the whole list. */
  readonly search: boolean;
}

/** A visit over HTTP. */
export interface RemoteVisit extends Visit {
  /** The same for requests of the same caller that may do the same: what a session is bound to. */
  readonly key: string;
  /** The scope the caller lacks for an action; undefined where it is not the caller's scopes that close it. */
  missing(action: ActionFacts): CallerScope | undefined;
}

/** Narrowed policies that are kept, so that their lists are made once. */
const mostKept = 200;

/** `alwaysSearch`: the operator's word, where no request has to ask for search mode. */
export function createVisits(policy: Policy, alwaysSearch = false): (caller: Caller, pins: RequestPins) => RemoteVisit {
  const kept = new Map<string, Policy>();
  const narrowed = (pins: Pins): Policy => {
    const key = JSON.stringify(pins);
    const found = kept.get(key) ?? policy.narrowed(pins);
    kept.delete(key);
    kept.set(key, found);
    for (const oldest of kept.keys()) {
      if (kept.size <= mostKept) break;
      kept.delete(oldest);
    }
    return found;
  };

  return (caller, asked) => {
    const pins = inOneSpelling(asked);
    const search = alwaysSearch || asked.search === true;
    const risks = (pins.risks ?? allRisks).filter((risk) => caller.scopes.has(scopeFor(risk)));
    const own = narrowed({ ...pins, risks });
    return {
      caller: caller.id,
      policy: own,
      search,
      key: JSON.stringify([caller.id, risks, pins, ...(search ? ['search'] : [])]),
      missing: (action) => (own.isOn(action) || !narrowed(pins).isOn(action) ? undefined : scopeFor(action.risk)),
    };
  };
}

/** The same pins are the same text, whatever order they came in. */
const inOneSpelling = ({ readOnly, areas, risks }: Pins): Pins => ({
  ...(readOnly === true && { readOnly }),
  ...(areas && { areas: [...new Set(areas)].sort() }),
  ...(risks && { risks: [...new Set(risks)].sort() }),
});
