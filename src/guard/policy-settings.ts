/**
 * From flags, environment and policy file to one policy, or to everything that is wrong with them: a setting that is not
 * understood stops the start, because what it was meant to forbid would be allowed.
 */
import type { AreaFacts } from '../../tools/index.js';
import { failed } from '../core/errors.js';
import { areaNames, chosenBy } from './area-names.js';
import { createPolicy, type Limits, type Policy, type PolicySetting, type Rule, type Said } from './policy.js';
import type { PolicyIo, PolicyProblem } from './policy-file.js';
import { didYouMean, shown } from './policy-pattern.js';
import { type PolicyFlags, type PolicyPlace, readPlaces } from './policy-places.js';
import { readRules } from './policy-rules.js';
import { addresses, channel, commandLine, list, readLimits, yesOrNo } from './policy-values.js';

export type { PolicyIo, PolicyProblem } from './policy-file.js';
export type { PolicyFlags } from './policy-places.js';

/** Throws a `configuration` failure that lists every problem with its fix. */
export function loadPolicy(flags: PolicyFlags, io: PolicyIo, areas: readonly AreaFacts[]): Policy {
  const { policy, problems } = readPolicy(flags, io, areas);
  if (policy !== undefined) return policy;
  const [first, ...others] = problems;
  if (first !== undefined && others.length === 0) {
    throw failed('configuration', `The policy is refused. ${first.message}`, { next: first.fix });
  }
  const lines = problems.map(({ message, fix }) => `\n  - ${message} ${fix}`);
  throw failed('configuration', `The policy is refused:${lines.join('')}`, { next: 'Correct these and start again.' });
}

/** The same without throwing, for whoever lists problems; with any of them there is no policy. */
export function readPolicy(
  flags: PolicyFlags,
  io: PolicyIo,
  areas: readonly AreaFacts[],
): { readonly policy: Policy | undefined; readonly problems: readonly PolicyProblem[] } {
  const { problems, file, env, said } = readPlaces(flags, io);
  const areaLists = said('areas', list);
  problems.push(...areaLists.flatMap(({ value }) => unknownAreas(value, areas)));
  const fileSource = `policy file ${file?.name}`;
  const read = readRules(
    { flags: ruleFlags(flags), env, file: file && { name: file.name, rules: file.content.rules } },
    areas,
  );
  problems.push(...read.problems);
  const limits = readLimits(file?.content.limits, (key, message, fix) => {
    problems.push({ setting: key, message: `${key} in ${file?.name} ${message}`, fix });
  });

  const switches = said('read_only', yesOrNo);
  const chosen = areaLists.map(({ value, source }) => ({ source, ...chosenBy(value, areas) }));
  const readOnlyAreas = chosen.find(({ readOnly }) => readOnly);
  // Whoever says it is obeyed, from whatever place: it beats everything.
  const readOnly =
    switches.find(({ value }) => value) ??
    (readOnlyAreas && { value: true, source: readOnlyAreas.source }) ??
    switches[0];
  const [only] = areaLists;
  const left = chosen.find(({ areas: some }) => some !== undefined);
  const [approveIn] = said('approve_in', channel);
  const [lockout] = said('allow_self_lockout', yesOrNo);
  const [own] = said('own_addresses', addresses);
  const [command] = said('secret_command', commandLine);
  const [returned] = said('dangerously_return_secrets', yesOrNo);
  if (problems.length > 0) return { policy: undefined, problems };

  const settings = [
    ...(file === undefined ? [] : [{ setting: 'policy_file', value: file.name, source: file.source }]),
    ...noted('read_only', readOnly),
    ...noted('areas', only, spaced),
    ...notedRules(read.rules),
    ...(file?.content.limits === undefined ? [] : [{ setting: 'limits', value: inWords(limits), source: fileSource }]),
    ...noted('approve_in', approveIn),
    ...noted('allow_self_lockout', lockout),
    ...noted('own_addresses', own, spaced),
    // Its arguments may be nobody's business.
    ...noted('secret_command', command, ([program]) => String(program)),
    ...noted('dangerously_return_secrets', returned),
  ];
  const parts = {
    ...(readOnly && { readOnly }),
    ...(left?.areas && { areas: { value: left.areas, source: left.source } }),
    rules: read.rules,
    limits,
    approveIn: approveIn?.value ?? 'auto',
    allowSelfLockout: lockout?.value ?? false,
    ...(own && { ownAddresses: own.value }),
    ...(command && { secretCommand: command.value }),
    returnSecrets: returned?.value ?? false,
    settings,
  };
  return { policy: createPolicy(parts, areas), problems };
}

const ruleFlags = ({ allow, allowWithoutApproval, ask, deny }: PolicyFlags) => ({
  ...(allow && { allow }),
  ...(allowWithoutApproval && { allow_without_approval: allowWithoutApproval }),
  ...(ask && { ask }),
  ...(deny && { deny }),
});

function unknownAreas(names: readonly string[], areas: readonly AreaFacts[]): PolicyProblem[] {
  const known = areaNames(areas);
  return names
    .filter((name) => !known.includes(name))
    .map((name) => ({
      setting: 'areas',
      message: `There is no area ${shown(name)}.`,
      fix: didYouMean(name, known) ?? `There are ${known.join(', ')}.`,
    }));
}

const spaced = (values: readonly string[]) => values.join(' ');

const inWords = (limits: Limits) =>
  Object.entries(limits)
    .map(([risk, { calls, minutes }]) => `${risk} ${calls} in ${minutes} min`)
    .join(', ');

const noted = <T>(setting: PolicyPlace, said: Said<T> | undefined, show: (value: T) => string = String) =>
  said === undefined ? [] : [{ setting, value: show(said.value), source: said.source }];

/** One line for each gate and place. */
function notedRules(rules: readonly Rule[]): PolicySetting[] {
  const lines = new Map<string, PolicySetting>();
  for (const { gate, source, pattern } of rules) {
    const line = `${gate} ${source}`;
    const before = lines.get(line)?.value;
    lines.set(line, {
      setting: gate,
      value: before === undefined ? pattern.text : `${before} ${pattern.text}`,
      source,
    });
  }
  return [...lines.values()];
}
