/** `sandbox`: runs the sandbox account as a program of its own, for official SDKs and for this server. */
import process from 'node:process';
import { type Command, Option } from 'commander';
import { failed, inputError } from '../core/errors.js';
import { splitScopes } from '../core/scopes.js';
import { isLoopback } from '../databricks/hosts.js';
import type { Cloud, Sandbox } from '../sandbox/index.js';
import { product } from '../version.js';
import { columns } from './layout.js';
import { wholeNumber } from './options.js';
import { note, print, style } from './terminal.js';

interface SandboxFlags {
  readonly port: number;
  readonly host: string;
  readonly cloud: Cloud;
  readonly scopes?: string;
  readonly usageRows?: number;
  readonly json?: boolean;
}

export function addSandbox(program: Command): void {
  program
    .command('sandbox')
    .description('run a made-up Databricks account on this machine until Ctrl-C')
    .option('--port <n>', 'port; 0 takes a free one', wholeNumber(0, 65_535), 0)
    .option('--host <address>', 'address to listen on; of this machine only', '127.0.0.1')
    .addOption(new Option('--cloud <name>', 'cloud to imitate').choices(['aws', 'azure', 'gcp']).default('aws'))
    .option('--scopes <list>', 'scopes the secret is bound to (default: any scope may be asked for)')
    .option('--usage-rows <n>', 'rows of billable usage per month (default 400)', wholeNumber(1, 10_000_000))
    .option('--json', 'print one line of JSON and nothing else')
    .addHelpText(
      'after',
      `
Users, groups, workspaces and usage are made up, held in memory and gone when it ends.
Requests are logged to stderr, one line each.

Examples:
  $ ${product.name} sandbox --port 8020
  $ ${product.name} sandbox --scopes scim,billing     a secret that opens only some actions
  $ ${product.name} sandbox --usage-rows 1000000      a usage file worth the name`,
    )
    .action(runSandbox);
}

async function runSandbox({ json, scopes: text = '', usageRows, port, host, cloud }: SandboxFlags): Promise<void> {
  if (!isLoopback(host) && host !== '::1') {
    throw inputError(
      'The sandbox listens on this machine only: its secret is public.',
      'Use --host 127.0.0.1, ::1 or localhost.',
    );
  }
  const scopes = splitScopes(text);
  const options = { port, host, cloud, scopes, ...(usageRows !== undefined && { usageRowsPerMonth: usageRows }) };
  // Loaded only here: the server starts faster without it.
  const { startSandbox } = await import('../sandbox/index.js');
  const stopped = untilStopped();
  const account = await startSandbox({ ...options, log: note }).catch((error: NodeJS.ErrnoException) => {
    throw failed('input', `Port ${port} of ${host} cannot be used (${error.code}).`, {
      next: 'Choose another with --port, or 0 for any free one.',
    });
  });
  print(json ? asJson(account, cloud, scopes) : asText(account, cloud, scopes));
  await stopped;
  await account.close();
}

const untilStopped = () =>
  new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve()).once('SIGTERM', () => resolve());
  });

/** The official SDKs read all but the last, which is this server's own. */
const environment = (account: Sandbox, scopes: readonly string[]): [name: string, value: string][] => [
  ['DATABRICKS_HOST', account.url],
  ['DATABRICKS_ACCOUNT_ID', account.accountId],
  ['DATABRICKS_CLIENT_ID', account.clientId],
  ['DATABRICKS_CLIENT_SECRET', account.clientSecret],
  ...(scopes.length > 0 ? [['DATABRICKS_SCOPES', scopes.join(' ')] as [string, string]] : []),
];

const asJson = (account: Sandbox, cloud: Cloud, scopes: readonly string[]) =>
  JSON.stringify({
    url: account.url,
    account_id: account.accountId,
    client_id: account.clientId,
    client_secret: account.clientSecret,
    cloud,
    scopes: scopes.length > 0 ? scopes : ['all-apis'],
    env: Object.fromEntries(environment(account, scopes)),
  });

function asText(account: Sandbox, cloud: Cloud, scopes: readonly string[]): string {
  const settings = environment(account, scopes);
  const facts = columns([
    ['  url', account.url],
    ['  account id', account.accountId],
    ['  client id', account.clientId],
    ['  client secret', `${account.clientSecret}  (made up; opens nothing but this)`],
    ['  cloud', cloud],
    ['  scopes', scopes.length > 0 ? scopes.join(' ') : 'any'],
  ]);
  return [
    `${style('bold', 'The sandbox account is running.')} Ctrl-C ends it and forgets everything.`,
    '',
    ...facts,
    '',
    'Point this server or an official Databricks SDK at it:',
    '',
    ...settings.map(([name, value]) => `  export ${name}=${shellQuoted(value)}`),
    ...(process.platform === 'win32'
      ? ['', 'In PowerShell:', '', ...settings.map(([name, value]) => `  $env:${name} = '${value}'`)]
      : []),
    '',
  ].join('\n');
}

const shellQuoted = (value: string) => (/^[\w.:/[\]-]+$/.test(value) ? value : `'${value}'`);
