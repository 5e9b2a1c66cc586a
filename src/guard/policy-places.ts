/**
 * The places where the operator may say a setting of the policy (flag, environment, policy file) and what stands there.
 * A place that is not understood is a problem, even where a higher one overrules it.
 */
import { similar } from '../core/similar.js';
import { gates, type Said } from './policy.js';
import { type PolicyFile, type PolicyIo, type PolicyProblem, readPolicyFile } from './policy-file.js';
import { didYouMean, shown } from './policy-pattern.js';
import { ruleVariable } from './policy-rules.js';
import { type Kind, unknownKeys } from './policy-values.js';

/** As the command line hands them over; each text as it was typed. */
export interface PolicyFlags {
  readonly readOnly?: boolean;
  readonly areas?: string;
  readonly allow?: readonly string[];
  readonly allowWithoutApproval?: readonly string[];
  readonly ask?: readonly string[];
  readonly deny?: readonly string[];
  readonly policyFile?: string;
  readonly allowSelfLockout?: boolean;
  readonly approveIn?: string;
  readonly ownAddresses?: readonly string[];
  readonly dangerouslyReturnSecrets?: boolean;
}

/** The names are the keys of the policy file. A secret command is too long and too rare for a flag. */
const places = {
  read_only: { flag: '--read-only', variable: 'DATABRICKS_MCP_READ_ONLY' },
  areas: { flag: '--areas', variable: 'DATABRICKS_MCP_AREAS' },
  approve_in: { flag: '--approve-in', variable: 'DATABRICKS_MCP_APPROVE_IN' },
  allow_self_lockout: { flag: '--allow-self-lockout', variable: 'DATABRICKS_MCP_ALLOW_SELF_LOCKOUT' },
  own_addresses: { flag: '--own-address', variable: 'DATABRICKS_MCP_OWN_ADDRESSES' },
  secret_command: { flag: undefined, variable: 'DATABRICKS_MCP_SECRET_COMMAND' },
  dangerously_return_secrets: {
    flag: '--dangerously-return-secrets',
    variable: 'DATABRICKS_MCP_DANGEROUSLY_RETURN_SECRETS',
  },
} as const;

export type PolicyPlace = keyof typeof places;

const prefix = 'DATABRICKS_MCP_';
const fileVariable = 'DATABRICKS_MCP_POLICY_FILE';
const fileKeys = [...Object.keys(places), 'rules', 'limits'];
const variables = [...Object.values(places).map(({ variable }) => variable), ...gates.map(ruleVariable), fileVariable];

/** What was said, and everything that is wrong with it so far. */
export interface Places {
  readonly problems: PolicyProblem[];
  readonly file: (PolicyFile & { readonly source: string }) | undefined;
  /** The value of a variable. An empty one is none, as in the SDKs. */
  env(name: string): string | undefined;
  /** What each place says, the highest first. */
  said<T>(setting: PolicyPlace, kind: Kind<T>): Said<T>[];
}

export function readPlaces(flags: PolicyFlags, io: PolicyIo): Places {
  const problems = misspelt(io.env);
  const env = (name: string) => io.env[name]?.trim() || undefined;
  const path = flags.policyFile ?? env(fileVariable);
  const read = path === undefined ? undefined : readPolicyFile(path, io);
  const source = flags.policyFile === undefined ? `environment ${fileVariable}` : 'flag --policy-file';
  if (read !== undefined && 'fix' in read) problems.push(read);
  const file = read !== undefined && 'content' in read ? { ...read, source } : undefined;
  if (file !== undefined) problems.push(...unknownIn(file));
  const typed = asTyped(flags);

  return {
    problems,
    file,
    env,
    said(setting, kind) {
      const { flag, variable } = places[setting];
      const onCommandLine = typed[setting];
      const inEnvironment = env(variable);
      const inFile = file?.content[setting];
      const all = [
        onCommandLine !== undefined && { where: flag, source: `flag ${flag}`, value: kind.fromText(onCommandLine) },
        inEnvironment !== undefined && {
          where: variable,
          source: `environment ${variable}`,
          value: kind.fromText(inEnvironment),
        },
        inFile !== undefined && {
          where: `${setting} in ${file?.name}`,
          source: `policy file ${file?.name}`,
          value: kind.fromJson(inFile),
        },
      ];
      return all.flatMap((each) => {
        if (each === false) return [];
        const { where, source, value } = each;
        if (value !== undefined) return [{ source, value }];
        problems.push({ setting, message: `The value of ${where} is not understood.`, fix: kind.fix });
        return [];
      });
    },
  };
}

/** A switch can only be turned on by its flag. */
function asTyped(flags: PolicyFlags): Readonly<Partial<Record<PolicyPlace, string | undefined>>> {
  const on = (flag: boolean | undefined) => (flag === true ? 'true' : undefined);
  return {
    read_only: on(flags.readOnly),
    areas: flags.areas,
    approve_in: flags.approveIn,
    allow_self_lockout: on(flags.allowSelfLockout),
    own_addresses: flags.ownAddresses?.join(' '),
    dangerously_return_secrets: on(flags.dangerouslyReturnSecrets),
  };
}

const unknownIn = ({ name, content }: PolicyFile): PolicyProblem[] =>
  unknownKeys(content, fileKeys).map((key) => ({
    setting: 'policy_file',
    message: `The policy file ${name} has an unknown key ${shown(key)}.`,
    fix: didYouMean(key, fileKeys) ?? `Known are ${fileKeys.join(', ')}.`,
  }));

/** Variables that look like one of ours: a policy under a misspelt name would be no policy. */
function misspelt(env: PolicyIo['env']): PolicyProblem[] {
  const known = variables.map((name) => name.slice(prefix.length));
  return Object.keys(env).flatMap((name) => {
    if (!name.startsWith(prefix) || variables.includes(name)) return [];
    const [guess] = similar(name.slice(prefix.length, 100), known);
    const fix = `Did you mean ${prefix}${guess}?`;
    return guess === undefined ? [] : [{ setting: name, message: `There is no variable ${shown(name)}.`, fix }];
  });
}
