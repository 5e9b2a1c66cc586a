/** What `init` can be told on the command line: everything but a secret itself. */
import { type Command, Option } from 'commander';
import { clientIds } from '../../clients/client-ids.js';
import { inputError } from '../../core/errors.js';
import { type SignInMethod, signInMethods } from '../../databricks/config.js';
import { collected, stateDirOption } from '../options.js';

export interface InitFlags {
  readonly sandbox?: boolean;
  readonly remote?: string;
  readonly tokenEnv?: string;
  readonly host?: string;
  readonly cloud?: string;
  readonly accountId?: string;
  readonly clientId?: string;
  readonly authType?: SignInMethod;
  readonly oidcTokenEnv?: string;
  readonly oidcTokenFile?: string;
  readonly azureTenantId?: string;
  readonly clientSecretFile?: string;
  readonly secretFromStdin?: boolean;
  readonly secretIn?: 'file' | 'profile' | 'keychain';
  readonly secretInClientConfig?: boolean;
  readonly actions?: readonly string[];
  readonly scopes?: string;
  readonly profile?: string;
  readonly configFile?: string;
  readonly allowHost?: readonly string[];
  readonly caFile?: string;
  readonly stateDir?: string;
  readonly replace?: boolean;
  readonly readOnly?: boolean;
  readonly client?: readonly string[];
  readonly scopeOfFile: 'user' | 'project';
  readonly name?: string;
  readonly print?: boolean;
  readonly remove?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly clientSecret?: string;
}

export function withInitOptions(command: Command): Command {
  return command
    .optionsGroup('What the client shall reach (one of them):')
    .option('--sandbox', 'the built-in sandbox account: no Databricks, no credentials')
    .option('--remote <url>', 'a server that runs elsewhere, such as https://mcp.example.com/mcp')
    .option('--token-env <name>', 'with --remote: variable the client has the token in')
    .optionsGroup('The account:')
    .option('--host <url>', 'account host or an address of the account console')
    .addOption(new Option('--cloud <name>', 'host by cloud').choices(['aws', 'azure', 'gcp', 'govcloud']))
    .option('--account-id <uuid>', 'account id')
    .option('--client-id <uuid>', 'application id of the service principal')
    .option('--client-secret-file <path>', 'file to read the OAuth secret from (or DATABRICKS_CLIENT_SECRET)')
    .addOption(
      new Option('--auth-type <method>', 'what it signs in with; default oauth-m2m, a secret of Databricks').choices(
        signInMethods,
      ),
    )
    .option('--oidc-token-env <name>', 'env-oidc: variable with the token of the workload')
    .option('--oidc-token-file <path>', 'file-oidc: file with it')
    .option('--azure-tenant-id <id>', 'azure-client-secret: tenant of the Entra application')
    .option('--secret-from-stdin', 'read the OAuth secret from stdin')
    .addOption(
      new Option('--secret-in <place>', 'where the secret shall rest; default file').choices([
        'file',
        'profile',
        'keychain',
      ]),
    )
    .option('--actions <list>', 'what shall be possible: actions, globs such as list_*, area:<area>, a risk', collected)
    .option('--scopes <list>', 'OAuth scopes, instead of --actions; all-apis is everything')
    .option('--profile <name>', 'profile to store it as, or one that is there')
    .option('--replace', 'a profile of that name may be replaced')
    .option('--config-file <path>', 'configuration file (DATABRICKS_CONFIG_FILE, default ~/.databrickscfg)')
    .option('--allow-host <name>', 'further host that may receive the credentials; repeatable', collected)
    .option('--ca-file <path>', 'PEM file with further certificate authorities')
    .option(...stateDirOption)
    .optionsGroup('The client:')
    .option('--client <list>', `${clientIds.join(', ')}, or all that are found here`, collected)
    .addOption(
      new Option('--scope-of-file <reach>', 'the file for all your projects, or that of this folder')
        .choices(['user', 'project'])
        .default('user'),
    )
    .option('--name <name>', 'what the client calls the server; default dbx')
    .option('--read-only', 'have the client start it without any write')
    .option('--secret-in-client-config', "write the secret into the client's file; others may read it there")
    .optionsGroup('How:')
    .option('--print', 'write nothing; print what to paste')
    .option('--remove', "take the entries out of the clients' files; with --profile, also that profile and its secret")
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .addOption(new Option('--client-secret <value>').hideHelp());
}

/** Those that describe an account, rather than name one that is stored. */
export const accountFlags = [
  'host',
  'cloud',
  'accountId',
  'clientId',
  'authType',
  'oidcTokenEnv',
  'oidcTokenFile',
  'azureTenantId',
  'clientSecretFile',
  'secretFromStdin',
] as const satisfies readonly (keyof InitFlags)[];

/** Throws for flags that contradict each other. */
export function checkFlags(flags: InitFlags): void {
  if (flags.clientSecret !== undefined) {
    throw inputError(
      'A secret must not be on the command line, where other processes can read it.',
      'Use --client-secret-file, --secret-from-stdin or DATABRICKS_CLIENT_SECRET, and replace this secret if it is real.',
    );
  }
  const account = accountFlags.filter((flag) => flags[flag] !== undefined);
  const others = ['--sandbox', '--remote'].filter((flag) => (flag === '--sandbox' ? flags.sandbox : flags.remote));
  if (others.length > 1) throw inputError('--sandbox and --remote exclude each other.', 'Leave one out.');
  const [other] = others;
  if (other !== undefined && account.length > 0) {
    throw inputError(`With ${other} no account of Databricks is configured.`, 'Leave the flags of an account out.');
  }
  if (flags.actions !== undefined && flags.scopes !== undefined) {
    throw inputError('--actions and --scopes exclude each other.', 'Leave one out.');
  }
  if (flags.clientSecretFile !== undefined && flags.secretFromStdin) {
    throw inputError(
      'The secret is said to come from two places.',
      'Leave --client-secret-file or --secret-from-stdin out.',
    );
  }
  if (flags.name !== undefined && !/^[A-Za-z][\w-]{0,31}$/.test(flags.name)) {
    throw inputError(
      'Clients do not take every name.',
      'Use up to 32 letters, digits, - and _, beginning with a letter.',
    );
  }
  for (const name of [flags.tokenEnv, flags.oidcTokenEnv]) {
    if (name === undefined || /^[A-Za-z_]\w*$/.test(name)) continue;
    const flag = name === flags.tokenEnv ? '--token-env' : '--oidc-token-env';
    throw inputError(`${flag} takes the name of a variable.`, 'Give its name, such as DBX_TOKEN, and never the token.');
  }
  if (flags.remote !== undefined) checkAddress(flags.remote);
}

function checkAddress(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw inputError('--remote takes an address.', 'Give it whole, such as https://mcp.example.com/mcp.');
  }
  if (url.username !== '' || url.password !== '') {
    throw inputError('The address carries a password.', 'Leave it out; --token-env names a variable with a token.');
  }
}

/** Commas and repetition mean the same. */
export const listed = (texts: readonly string[] = []): string[] => [
  ...new Set(texts.flatMap((text) => text.split(/[\s,]+/)).filter((each) => each !== '')),
];
