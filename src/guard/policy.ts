/**
 * What the operator lets the assistant do: which actions are on, and which gate stands before a call. Says which setting
 * decided, so that nobody has to guess. Pure: settings come from `policy-settings.ts`.
 */
import type { Action, ActionFacts, Arguments, Risk } from '../../tools/action.js';
import type { AreaFacts } from '../../tools/index.js';
import { isRisky, type Pattern, risks } from './policy-pattern.js';

/** `allow` lets a call through that reads or changes something reversible; it never takes the approval from a risky one. */
export type Gate = 'allow' | 'allow_without_approval' | 'ask' | 'deny';
export const gates: readonly Gate[] = ['allow', 'allow_without_approval', 'ask', 'deny'];

export const approvalChannels = ['auto', 'client', 'terminal'] as const;
export type ApprovalChannel = (typeof approvalChannels)[number];

export interface Policy {
  readonly readOnly: boolean;
  /** Listed and callable at all. A part of another action is on where that one's area is; rules speak of both. */
  isOn(action: ActionFacts, within?: ActionFacts): boolean;
  /** Which setting switched it off, in words; undefined when it is on. */
  whyOff(action: ActionFacts, within?: ActionFacts): string | undefined;
  /**
   * Gate of this very call, its risk, and the setting that decided. `deny` for what is off, and where `riskOf` makes the
   * call one that is denied. A risky call never gets `allow`. `seen`: the risk that a look at the target has shown.
   */
  gateOf(action: Action, input: Arguments, seen?: Risk): Verdict;
  /** The same before there are arguments: the gate of the action's declared risk. */
  gateOfAction(action: ActionFacts): Gate;
  readonly limits: Limits;
  readonly approveIn: ApprovalChannel;
  readonly allowSelfLockout: boolean;
  /** Addresses from which Databricks sees this server; undefined where nobody has told. */
  readonly ownAddresses: readonly string[] | undefined;
  readonly secretCommand: readonly string[] | undefined;
  readonly returnSecrets: boolean;
  /** The same policy, narrowed by a request's pins: can only take away. */
  narrowed(pins: Pins): Policy;
  /** What the operator set, in words with their sources; empty where everything is as it comes. */
  readonly settings: readonly PolicySetting[];
}

export interface Verdict {
  readonly gate: Gate;
  readonly risk: Risk;
  readonly by: string;
}

/** Most calls within so many minutes. */
export interface Limit {
  readonly calls: number;
  readonly minutes: number;
}
export type Limits = Readonly<Record<'destructive' | 'secret', Limit>>;

/** What a request takes away from the operator's policy for itself. */
export interface Pins {
  readonly readOnly?: boolean;
  readonly areas?: readonly string[];
  /** The only risks a call may have; what its caller is not trusted with is missing. */
  readonly risks?: readonly Risk[];
}

export interface PolicySetting {
  readonly setting: string;
  readonly value: string;
  /** 'flag --deny', 'environment DATABRICKS_MCP_DENY' or 'policy file ~/policy.json'. */
  readonly source: string;
}

export interface Rule {
  readonly pattern: Pattern;
  readonly gate: Gate;
  /** Flags stand over the environment, that over the file, that over the defaults. */
  readonly layer: number;
  readonly source: string;
}

/** A value and who said it. */
export interface Said<T> {
  readonly value: T;
  readonly source: string;
}

/** A policy as it was read, valid and with its sources. */
export interface PolicyParts {
  readonly readOnly?: Said<boolean>;
  readonly areas?: Said<readonly string[]>;
  readonly rules: readonly Rule[];
  readonly limits: Limits;
  readonly approveIn: ApprovalChannel;
  readonly allowSelfLockout: boolean;
  readonly ownAddresses?: readonly string[];
  readonly secretCommand?: readonly string[];
  readonly returnSecrets: boolean;
  readonly settings: readonly PolicySetting[];
}

const defaultLayer = -1;

const defaults: readonly Rule[] = risks.map((risk) => ({
  pattern: { text: risk, rank: 0, risk, matches: (_, of) => of === risk },
  gate: isRisky(risk) ? 'ask' : 'allow',
  layer: defaultLayer,
  source: 'default',
}));

/** How much a gate takes away. Both ways to allow let the call run. */
const strictness: Readonly<Record<Gate, number>> = { deny: 2, ask: 1, allow: 0, allow_without_approval: 0 };

/** The rule that decides about calls of this risk: the highest layer, there the narrowest pattern, there the strictest. */
export function decidingRule(rules: readonly Rule[], action: ActionFacts, risk: Risk): Rule {
  return [...rules, ...defaults]
    .filter(({ pattern }) => pattern.matches(action, risk))
    .reduce((best, rule) => (outranks(rule, best) ? rule : best));
}

function outranks(rule: Rule, other: Rule): boolean {
  if (rule.layer !== other.layer) return rule.layer > other.layer;
  if (rule.pattern.rank !== other.pattern.rank) return rule.pattern.rank > other.pattern.rank;
  const difference = strictness[rule.gate] - strictness[other.gate];
  // Of the two ways to allow, the one that leaves the approval where it is.
  return difference > 0 || (difference === 0 && rule.gate === 'allow');
}

/** `allow` is no word for a risky call: it still asks. */
const outcomeOf = ({ gate }: Rule, risk: Risk): Gate => (gate === 'allow' && isRisky(risk) ? 'ask' : gate);

const inWords = ({ gate, pattern, source }: Rule) =>
  source === 'default' ? `default for ${pattern.text}` : `${gate} ${pattern.text} (${source})`;

export function createPolicy(parts: PolicyParts, catalogue: readonly AreaFacts[]): Policy {
  const { rules, limits, approveIn, allowSelfLockout, ownAddresses, secretCommand, returnSecrets, settings } = parts;
  const areaOf = new Map<string, string>(
    catalogue.flatMap(({ id, actions }) => actions.map((action) => [action.id, id])),
  );
  const isOutside = ({ id }: ActionFacts, areas: readonly string[] | undefined) =>
    areas !== undefined && !areas.includes(areaOf.get(id) ?? '');
  const isWrite = ({ risk, effect }: ActionFacts) => risk !== 'read' || effect !== 'read';
  /** Why calls of this risk are not for this caller. */
  const beyond = (risk: Risk, { risks: given }: Pins) =>
    given === undefined || given.includes(risk) ? undefined : `${risk} is beyond this caller's scopes`;

  const create = (pins: Pins): Policy => {
    const readOnly = parts.readOnly?.value === true || pins.readOnly === true;

    const whyOff = (action: ActionFacts, within = action): string | undefined => {
      if (isWrite(action) && readOnly) return `read_only (${parts.readOnly?.value ? parts.readOnly.source : request})`;
      if (isOutside(within, parts.areas?.value)) return `areas (${parts.areas?.source})`;
      if (isOutside(within, pins.areas)) return `areas (${request})`;
      const apart =
        beyond(action.risk, pins) ?? (isWrite(action) && action.risk === 'read' ? beyond('write', pins) : undefined);
      if (apart !== undefined) return apart;
      const rule = decidingRule(rules, action, action.risk);
      return rule.gate === 'deny' ? inWords(rule) : undefined;
    };

    return {
      readOnly,
      isOn: (action, within) => whyOff(action, within) === undefined,
      whyOff,
      gateOf(action, input, seen) {
        const risk = seen ?? (action.kind === 'http' ? action.riskOf?.(input) : undefined) ?? action.risk;
        const off = whyOff(action) ?? beyond(risk, pins);
        if (off !== undefined) return { gate: 'deny', risk, by: off };
        const declared = decidingRule(rules, action, action.risk);
        const effective = decidingRule(rules, action, risk);
        const gate = outcomeOf(effective, risk);
        const general = outcomeOf(declared, action.risk);
        // A call may be worse than its action is by name, or better: neither may lower the gate of the other.
        return strictness[general] > strictness[gate]
          ? { gate: general, risk, by: inWords(declared) }
          : { gate, risk, by: inWords(effective) };
      },
      gateOfAction: (action) =>
        whyOff(action) === undefined ? outcomeOf(decidingRule(rules, action, action.risk), action.risk) : 'deny',
      limits,
      approveIn,
      allowSelfLockout,
      ownAddresses,
      secretCommand,
      returnSecrets,
      narrowed: (more) => create(together(pins, more)),
      settings,
    };
  };
  return create({});
}

const request = 'this request';

/** Both sets of pins at once. */
function together(some: Pins, more: Pins): Pins {
  const areas = inBoth(some.areas, more.areas);
  const left = inBoth(some.risks, more.risks);
  return {
    readOnly: some.readOnly === true || more.readOnly === true,
    ...(areas !== undefined && { areas }),
    ...(left !== undefined && { risks: left }),
  };
}

/** Undefined is everything. */
const inBoth = <T>(some: readonly T[] | undefined, more: readonly T[] | undefined): readonly T[] | undefined =>
  some && more ? some.filter((each) => more.includes(each)) : (some ?? more);
