/** Options that every command which talks to an account shares, and how they become the app's. */
import { basename } from 'node:path';
import process from 'node:process';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AppOptions } from '../app.js';
import { shellWord } from '../core/shell-word.js';
import { approvalChannels } from '../guard/policy.js';
import type { PolicyFlags } from '../guard/policy-settings.js';
import { type LogLevel, logLevels } from '../log.js';
import { product } from '../version.js';

export interface AccountOptions {
  host?: string;
  cloud?: string;
  accountId?: string;
  clientId?: string;
  clientSecretFile?: string;
  clientSecretKeychain?: string;
  profile?: string;
  configFile?: string;
  scopes?: string;
  allowHost?: string[];
  caFile?: string;
  sandbox?: boolean;
  stateDir?: string;
  store?: string;
  keyFile?: string;
  logLevel?: LogLevel;
}

/** Flags of the operator's policy; repeatable ones are named for one value. */
interface PolicyOptions extends Omit<PolicyFlags, 'ownAddresses'> {
  readonly ownAddress?: readonly string[];
}

/** Options of every command that opens the app: the account, and what the operator lets be done to it. */
export const stateDirOption = [
  '--state-dir <path>',
  'folder for journal, approvals, secrets and usage files (DATABRICKS_MCP_STATE_DIR)',
] as const;

export const storeOption = [
  '--store <url>',
  'Redis or Valkey that replicas share, redis:// or rediss://; with a password only as DATABRICKS_MCP_STORE',
] as const;

export const keyFileOption = [
  '--key-file <path>',
  'file with the key that replicas share, 32 random bytes, mode 0600 (DATABRICKS_MCP_KEY_FILE)',
] as const;

/** `hostFlag`: what the account's host is called where `--host` says what to listen on. */
export function withAccountOptions(command: Command, hostFlag: '--host' | '--account-host' = '--host'): Command {
  return withPolicyOptions(command)
    .optionsGroup('Account options:')
    .option('--sandbox', 'use the built-in sandbox account: no Databricks, no credentials')
    .option(`${hostFlag} <url>`, 'account host, e.g. https://accounts.cloud.databricks.com (DATABRICKS_HOST)')
    .addOption(new Option('--cloud <name>', 'host by cloud').choices(['aws', 'azure', 'gcp', 'govcloud']))
    .option('--account-id <uuid>', 'account id (DATABRICKS_ACCOUNT_ID)')
    .option('--client-id <uuid>', 'application id of the service principal (DATABRICKS_CLIENT_ID)')
    .option('--client-secret-file <path>', 'file that holds the OAuth secret, mode 0600 (or DATABRICKS_CLIENT_SECRET)')
    .option(
      '--client-secret-keychain <name>',
      "item of the system's keychain that holds it (DATABRICKS_CLIENT_SECRET_KEYCHAIN)",
    )
    .option('--profile <name>', 'profile in the configuration file (DATABRICKS_CONFIG_PROFILE)')
    .option('--config-file <path>', 'configuration file (DATABRICKS_CONFIG_FILE, default ~/.databrickscfg)')
    .option('--scopes <list>', 'OAuth scopes to ask for (DATABRICKS_SCOPES, default all-apis)')
    .option('--allow-host <name>', 'further host that may receive the credentials; repeatable', collected)
    .option('--ca-file <path>', 'PEM file with further certificate authorities')
    .option(...stateDirOption)
    .option(...storeOption)
    .option(...keyFileOption)
    .addOption(new Option('--log-level <level>', 'what goes to stderr').choices(logLevels).default('warn'))
    .addOption(new Option('--client-secret <value>').hideHelp());
}

function withPolicyOptions(command: Command): Command {
  return command
    .optionsGroup('Policy options (a pattern is an action, a glob such as delete_*, area:<area>, a risk or *):')
    .option('--read-only', 'no write is on; beats everything else (DATABRICKS_MCP_READ_ONLY)')
    .option('--areas <list>', 'only these areas or presets are on (DATABRICKS_MCP_AREAS)')
    .option('--deny <pattern>', 'off; repeatable (DATABRICKS_MCP_DENY)', collected)
    .option('--ask <pattern>', 'a person approves each call; repeatable (DATABRICKS_MCP_ASK)', collected)
    .option('--allow <pattern>', 'on, where the risk needs no approval; repeatable (DATABRICKS_MCP_ALLOW)', collected)
    .option(
      '--allow-without-approval <pattern>',
      'on, and nobody is asked; repeatable (DATABRICKS_MCP_ALLOW_WITHOUT_APPROVAL)',
      collected,
    )
    .option('--policy-file <path>', 'these settings as JSON (DATABRICKS_MCP_POLICY_FILE)')
    .option('--approve-in <where>', `where people are asked: ${approvalChannels.join(', ')}; default auto`)
    .option('--own-address <address>', 'address or range Databricks sees this server at; repeatable', collected)
    .option('--allow-self-lockout', 'let calls through that would shut this server or the last admin out')
    .option('--dangerously-return-secrets', 'show new secrets to the model instead of storing them');
}

/** The flags as the configuration takes them. Refuses a secret on the command line, where every process can read it. */
export function appOptions(command: Command): AppOptions {
  const options = command.opts<AccountOptions & PolicyOptions & { clientSecret?: string; accountHost?: string }>();
  if (options.clientSecret !== undefined) {
    command.error(
      'error: a secret must not be on the command line, where other processes can read it. ' +
        'Use --client-secret-file or DATABRICKS_CLIENT_SECRET, and replace this secret if it is real.',
    );
  }
  const { sandbox, stateDir, store, keyFile, logLevel, allowHost, clientSecret: _, accountHost, ...flags } = options;
  if (command.options.some(({ long }) => long === '--account-host')) {
    delete flags.host;
    if (accountHost !== undefined) flags.host = accountHost;
  }
  const { ownAddress, ...policy } = options;
  return {
    flags: { ...flags, ...(allowHost !== undefined && { allowHosts: allowHost }) },
    policy: { ...policy, ...(ownAddress !== undefined && { ownAddresses: ownAddress }) },
    sandbox: sandbox === true,
    program: runAs(),
    ...(stateDir !== undefined && { stateDirectory: stateDir }),
    ...(store !== undefined && { store }),
    ...(keyFile !== undefined && { keyFile }),
    ...(logLevel !== undefined && { logLevel }),
  };
}

/** How a person would start this program: its name where it is installed, else the file. */
export function runAs(): string {
  const [, file = ''] = process.argv;
  if (basename(file).replace(/\.cmd$/, '') === product.name) return product.name;
  return `node ${shellWord(file, process.platform)}`;
}

/** Not commander's `<name...>`, which would swallow the words after it. */
export const collected = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** A parser for options that take a whole number. */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`It has to be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
