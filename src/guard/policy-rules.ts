/**
 * Reads the rules of a policy from every place they may stand, and refuses those that would do another thing than they
 * say: patterns that match nothing, and an `allow` that would take the approval from a risky call.
 */
import type { ActionFacts } from '../../tools/action.js';
import type { AreaFacts } from '../../tools/index.js';
import { isObject } from '../core/json.js';
import { decidingRule, type Gate, gates, type Rule } from './policy.js';
import type { PolicyProblem } from './policy-file.js';
import { didYouMean, isRisky, readPattern, shown } from './policy-pattern.js';
import { words } from './policy-values.js';

/** What the places say, unread. */
export interface RuleSources {
  readonly flags: Readonly<Partial<Record<Gate, readonly string[]>>>;
  /** The value of a variable; undefined where it is empty. */
  readonly env: (name: string) => string | undefined;
  readonly file: { readonly name: string; readonly rules: unknown } | undefined;
}

const ruleFlag = (gate: Gate): string => `--${gate.replaceAll('_', '-')}`;
export const ruleVariable = (gate: Gate): string => `DATABRICKS_MCP_${gate.toUpperCase()}`;

/** A rule as it stands somewhere: `write` is how the same would be written with another gate. */
interface Written {
  readonly pattern: string;
  readonly gate: Gate;
  readonly layer: number;
  readonly source: string;
  readonly write: (gate: Gate) => string;
}

export function readRules(
  sources: RuleSources,
  areas: readonly AreaFacts[],
): { readonly rules: readonly Rule[]; readonly problems: readonly PolicyProblem[] } {
  const problems: PolicyProblem[] = [];
  const byRule = new Map<Rule, Written>();
  for (const each of written(sources, problems)) {
    const { gate, layer, source } = each;
    const pattern = readPattern(each.pattern, areas);
    if ('fix' in pattern)
      problems.push({ setting: source, message: `${each.write(gate)} matches no action.`, fix: pattern.fix });
    else byRule.set({ pattern, gate, layer, source }, each);
  }
  const rules = [...byRule.keys()];
  for (const [rule, unasked] of approvalsTaken(rules, areas)) {
    const { write, source, gate } = byRule.get(rule) as Written;
    problems.push({
      setting: source,
      message: `${write(gate)} would let ${some(unasked)} run unasked, but what is risky needs a person's yes.`,
      fix: `If nobody is to be asked, write ${write('allow_without_approval')}; else name less.`,
    });
  }
  return { rules, problems };
}

function written({ flags, env, file }: RuleSources, problems: PolicyProblem[]): Written[] {
  const all: Written[] = [];
  for (const gate of gates) {
    const typed = flags[gate];
    const patterns = typed?.flatMap(words) ?? [];
    if (typed !== undefined && patterns.length === 0) problems.push(empty(ruleFlag(gate)));
    for (const pattern of patterns) {
      const write = (other: Gate) => `${ruleFlag(other)} ${shown(pattern)}`;
      all.push({ pattern, gate, layer: 2, source: `flag ${ruleFlag(gate)}`, write });
    }
    const name = ruleVariable(gate);
    const text = env(name);
    const named = words(text ?? '');
    if (text !== undefined && named.length === 0) problems.push(empty(name));
    for (const pattern of named) {
      const write = (other: Gate) => `${ruleVariable(other)}=${shown(pattern)}`;
      all.push({ pattern, gate, layer: 1, source: `environment ${name}`, write });
    }
  }
  return [...all, ...(file === undefined ? [] : inFile(file, problems))];
}

const empty = (setting: string): PolicyProblem => ({
  setting,
  message: `${setting} names nothing.`,
  fix: 'Name an action, a glob, an area or a risk, or leave it out.',
});

function inFile({ name, rules }: NonNullable<RuleSources['file']>, problems: PolicyProblem[]): Written[] {
  const wrong = (message: string, fix: string) => void problems.push({ setting: `policy file ${name}`, message, fix });
  if (rules === undefined) return [];
  if (!isObject(rules)) {
    wrong(`rules in ${name} is no object.`, 'Write it as {"delete_*": "deny"}.');
    return [];
  }
  return Object.entries(rules).flatMap(([pattern, value]) => {
    const gate = gates.find((each) => each === value);
    if (gate === undefined) {
      const guess = typeof value === 'string' ? didYouMean(value, gates) : undefined;
      wrong(`The rule ${shown(pattern)} in ${name} has an unknown gate.`, guess ?? `Write one of ${gates.join(', ')}.`);
      return [];
    }
    const write = (other: Gate) => `${shown(pattern)}: ${shown(other)} in ${name}`;
    return [{ pattern, gate, layer: 0, source: `policy file ${name}`, write }];
  });
}

/** Rules with `allow` that would decide about risky actions, and about which. */
function approvalsTaken(rules: readonly Rule[], areas: readonly AreaFacts[]): Map<Rule, ActionFacts[]> {
  const taken = new Map<Rule, ActionFacts[]>();
  for (const action of areas.flatMap(({ actions }) => actions)) {
    if (!isRisky(action.risk)) continue;
    const rule = decidingRule(rules, action, action.risk);
    if (rule.gate === 'allow') taken.set(rule, [...(taken.get(rule) ?? []), action]);
  }
  return taken;
}

function some(actions: readonly ActionFacts[]): string {
  const ids = actions.map(({ id }) => id);
  const named = ids.length > 4 ? ids.slice(0, 3) : ids;
  return named.join(', ') + (ids.length > named.length ? ` and ${ids.length - named.length} more` : '');
}
