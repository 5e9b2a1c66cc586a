/** Options that every command which talks to an account shares, and how they become the app's. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AppOptions } from '../app.js';
import { type LogLevel, logLevels } from '../log.js';

export interface AccountOptions {
  host?: string;
  cloud?: string;
  accountId?: string;
  clientId?: string;
  clientSecretFile?: string;
  profile?: string;
  configFile?: string;
  scopes?: string;
  allowHost?: string[];
  caFile?: string;
  sandbox?: boolean;
  logLevel?: LogLevel;
}

export function withAccountOptions(command: Command): Command {
  return command
    .optionsGroup('Account options:')
    .option('--sandbox', 'use the built-in sandbox account: no Databricks, no credentials')
    .option('--host <url>', 'account host, e.g. https://accounts.cloud.databricks.com (DATABRICKS_HOST)')
    .addOption(new Option('--cloud <name>', 'host by cloud').choices(['aws', 'azure', 'gcp', 'govcloud']))
    .option('--account-id <uuid>', 'account id (DATABRICKS_ACCOUNT_ID)')
    .option('--client-id <uuid>', 'application id of the service principal (DATABRICKS_CLIENT_ID)')
    .option('--client-secret-file <path>', 'file that holds the OAuth secret, mode 0600 (or DATABRICKS_CLIENT_SECRET)')
    .option('--profile <name>', 'profile in the configuration file (DATABRICKS_CONFIG_PROFILE)')
    .option('--config-file <path>', 'configuration file (DATABRICKS_CONFIG_FILE, default ~/.databrickscfg)')
    .option('--scopes <list>', 'OAuth scopes to ask for (DATABRICKS_SCOPES, default all-apis)')
    .option('--allow-host <name>', 'further host that may receive the credentials; repeatable', collected)
    .option('--ca-file <path>', 'PEM file with further certificate authorities')
    .addOption(new Option('--log-level <level>', 'what goes to stderr').choices(logLevels).default('warn'))
    .addOption(new Option('--client-secret <value>').hideHelp());
}

/** The flags as the configuration takes them. Refuses a secret on the command line, where every process can read it. */
export function appOptions(command: Command): AppOptions {
  const options = command.opts<AccountOptions & { clientSecret?: string }>();
  if (options.clientSecret !== undefined) {
    command.error(
      'error: a secret must not be on the command line, where other processes can read it. ' +
        'Use --client-secret-file or DATABRICKS_CLIENT_SECRET, and replace this secret if it is real.',
    );
  }
  const { sandbox, logLevel, allowHost, clientSecret: _, ...flags } = options;
  return {
    flags: { ...flags, ...(allowHost !== undefined && { allowHosts: allowHost }) },
    sandbox: sandbox === true,
    ...(logLevel !== undefined && { logLevel }),
  };
}

/** Not commander's `<name...>`, which would swallow the words after it. */
const collected = (value: string, before: readonly string[] = []): string[] => [...before, value];

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
