/** How the values of policy settings are written, in text (flags, environment) and in JSON (the policy file). Pure. */
import { isAddressOrRange } from '../core/addresses.js';
import { isObject } from '../core/json.js';
import { approvalChannels, type Limits } from './policy.js';
import { didYouMean, shown } from './policy-pattern.js';

/** Either way of reading yields undefined where the value is none of the kind. */
export interface Kind<T> {
  readonly fromText: (text: string) => T | undefined;
  readonly fromJson: (value: unknown) => T | undefined;
  /** What to write, after a message that says where. */
  readonly fix: string;
}

const isFilled = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const asList = (value: unknown) =>
  Array.isArray(value) && value.length > 0 && value.every(isFilled) ? (value as readonly string[]) : undefined;

/** Words apart by spaces or commas. */
export const words = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== '');

export const yesOrNo: Kind<boolean> = {
  fromText: (text) => (/^(true|1|yes|on)$/i.test(text) ? true : /^(false|0|no|off)$/i.test(text) ? false : undefined),
  fromJson: (value) => (typeof value === 'boolean' ? value : undefined),
  fix: 'Write true or false.',
};

export const list: Kind<readonly string[]> = {
  fromText: (text) => asList(words(text)),
  fromJson: asList,
  fix: 'Name at least one; in a file write a list of strings.',
};

export const addresses: Kind<readonly string[]> = {
  fromText: (text) => onlyAddresses(words(text)),
  fromJson: (value) => onlyAddresses(value),
  fix: 'Write IP addresses or ranges, such as 203.0.113.7 or 203.0.113.0/24.',
};

const onlyAddresses = (value: unknown) => {
  const all = asList(value);
  return all?.every(isAddressOrRange) ? all : undefined;
};

export const channel: Kind<(typeof approvalChannels)[number]> = {
  fromText: (text) => approvalChannels.find((each) => each === text),
  fromJson: (value) => approvalChannels.find((each) => each === value),
  fix: `Write one of ${approvalChannels.join(', ')}.`,
};

/** Not split by us: what a shell would make of spaces and quotes is not ours to guess. */
export const commandLine: Kind<readonly string[]> = {
  fromText: (text) => {
    try {
      return asCommand(JSON.parse(text));
    } catch {
      return undefined;
    }
  },
  fromJson: (value) => asCommand(value),
  fix: 'Write the program and its arguments as a JSON list of strings: ["/usr/bin/store", "--stdin"].',
};

const asCommand = (value: unknown) =>
  Array.isArray(value) &&
  isFilled(value[0]) &&
  value.every((each) => typeof each === 'string' && !each.includes('\u0000'))
    ? (value as readonly string[])
    : undefined;

/** Most calls of a risk in a while, so that a runaway model is stopped even where nobody is asked. */
const defaultLimits: Limits = { destructive: { calls: 5, minutes: 10 }, secret: { calls: 2, minutes: 10 } };

/** Reads `limits` of a policy file; tells each thing that is wrong in it. */
export function readLimits(value: unknown, wrong: (key: string, message: string, fix: string) => void): Limits {
  if (value === undefined) return defaultLimits;
  const example = 'Write it as {"destructive": {"calls": 5, "minutes": 10}, "secret": {"calls": 2, "minutes": 10}}.';
  if (!isObject(value)) {
    wrong('limits', 'is no object.', example);
    return defaultLimits;
  }
  for (const key of unknownKeys(value, Object.keys(defaultLimits))) {
    wrong('limits', `has an unknown key ${shown(key)}.`, didYouMean(key, Object.keys(defaultLimits)) ?? example);
  }
  const one = (risk: keyof Limits) => {
    const said = value[risk];
    if (said === undefined) return defaultLimits[risk];
    const { calls, minutes } = isObject(said) ? said : {};
    if (
      isCount(calls, 1_000) &&
      isCount(minutes, 1_440) &&
      unknownKeys(said as object, ['calls', 'minutes']).length === 0
    )
      return { calls, minutes };
    wrong(`limits.${risk}`, 'is no limit: whole numbers of calls (1 to 1000) and minutes (1 to 1440).', example);
    return defaultLimits[risk];
  };
  return { destructive: one('destructive'), secret: one('secret') };
}

const isCount = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;

export const unknownKeys = (value: object, known: readonly string[]): string[] =>
  Object.keys(value).filter((key) => !known.includes(key));
