/** `http`: serve MCP over HTTP, to this machine unless told otherwise, and to callers who prove who they are. */
import { randomBytes } from 'node:crypto';
import process from 'node:process';
import type { Command } from 'commander';
import { type App, type AppOptions, createApp } from '../app.js';
import { elsewhere } from '../app-base.js';
import { failed, inputError } from '../core/errors.js';
import { createSecretPages, type PageFacts } from '../guard/secret-pages.js';
import { announceHub } from '../guard/served-hubs.js';
import { noMeters } from '../http/meters.js';
import { baseOf, type HttpFlags, type HttpSettings, readHttpSettings, type ServedProfile } from '../http/settings.js';
import { product } from '../version.js';
import { exits } from './exit-codes.js';
import type { Composed } from './http/compose.js';
import { appOptions, collected, withAccountOptions } from './options.js';
import { note } from './terminal.js';
import { showsSearch, toolsOption } from './tools-option.js';
import { noteWarnings } from './with-app.js';

export function addHttp(program: Command): void {
  const command = withAccountOptions(
    program
      .command('http')
      .description('serve MCP over HTTP at /mcp, and at /sse for old clients')
      .optionsGroup('Server options (each also as DATABRICKS_MCP_HTTP_<NAME>, lists separated by spaces):')
      .option('--host <address>', 'address to listen on (default 127.0.0.1)')
      .option('--port <n>', 'port to listen on; 0 takes a free one (default 8787)')
      .option('--public-url <url>', 'how clients reach this server, e.g. https://mcp.example.com')
      .option('--tls-cert <path>', 'PEM file with the certificate')
      .option('--tls-key <path>', 'PEM file with its key')
      .option('--behind-tls-proxy', 'a proxy in front does TLS, and sets X-Forwarded-For')
      .option('--allow-host-header <host>', 'further Host header to answer to; repeatable', collected)
      .option('--allow-origin <origin>', 'web origin whose pages may call; repeatable', collected)
      .option('--token-file <path>', 'JSON file with the bearer tokens of callers, mode 0600')
      .option('--oauth-issuer <url>', 'whose access tokens are accepted')
      .option('--oauth-jwks <url>', 'where the keys of that issuer are')
      .option('--oauth-audience <text>', 'audience of those tokens (default: this address); repeatable', collected)
      .option(
        '--serve-profile <name[=policy]>',
        'further account, by its profile, at /account/<name>/mcp; repeatable',
        collected,
      )
      .option('--secrets-to <where>', 'with --hub: `page` has new secrets wait on a page of it (default: file)')
      .option('--no-auth', 'ask nobody for a token; on this machine only')
      .option('--hub', 'serve the hub, the pages for people, at /hub; `hub link` prints a link to sign in')
      .option('--hub-oidc-issuer <url>', 'identity provider of the hub (default: --oauth-issuer)')
      .option('--hub-client-id <id>', 'client id of the hub at the identity provider')
      .option(
        '--hub-client-secret-file <path>',
        'file with the secret of that client, mode 0600; without it, a public client',
      )
      .option('--hub-operator <who>', 'who may sign in by it: an e-mail address, or sub:<id>; repeatable', collected)
      .option('--metrics-port <n>', 'serve Prometheus metrics on this port of 127.0.0.1')
      .option('--max-connections <n>', 'sockets open at once (default 256)')
      .option('--max-connections-per-address <n>', 'of them from one address (default 16)')
      .option('--max-calls <n>', 'calls of one caller in flight (default 8)')
      .option('--rate <n>', 'messages of one caller a second (default 10; twice as many at once)')
      .addOption(toolsOption()),
    '--account-host',
  );
  command
    .addHelpText(
      'after',
      `
Without --token-file and --oauth-issuer a token is made at the first start; where it is, is told on stderr.

Examples:
  $ ${product.name} http --sandbox
  $ ${product.name} http --host 0.0.0.0 --behind-tls-proxy --public-url https://mcp.example.com --token-file tokens.json`,
    )
    .action((_options, command: Command) => runHttp(command));
}

async function runHttp(command: Command): Promise<void> {
  const { auth, host, ...options } = command.opts<HttpFlags & { auth?: boolean }>();
  if (host?.includes('://')) {
    throw inputError('--host is the address to listen on here.', 'The host of the account is --account-host.');
  }
  const flags = { ...options, ...(host !== undefined && { host }), ...(auth === false && { noAuth: true }) };
  const { settings, problems } = readHttpSettings(flags, process.env);
  if (settings === undefined) {
    note(['The HTTP server did not start:', ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    process.exitCode = exits.exposed.code;
    return;
  }
  // One line for each call, unless somebody asked for another level.
  if (command.getOptionValueSource('logLevel') === 'default') command.setOptionValue('logLevel', 'info');
  await serve(command, settings);
}

async function serve(command: Command, settings: HttpSettings): Promise<void> {
  // Loaded here, so that no other command waits for the HTTP server.
  const [{ composeHttp }, { serveUntilStopped }] = await Promise.all([
    import('./http/compose.js'),
    import('./http/serve.js'),
  ]);
  const counted = settings.metricsPort === undefined ? undefined : await openMetrics(settings.metricsPort);
  const meters = counted?.metrics ?? noMeters;
  let base = '';
  // Their addresses are told when the first secret is made, and then it listens.
  const secretPages =
    settings.hub?.takesSecrets === true
      ? createSecretPages({ now: Date.now, random: randomBytes, url: (token) => `${base}/hub/secrets/${token}` })
      : undefined;
  const options = {
    ...appOptions(command),
    observer: meters,
    telemetry: true,
    ...(secretPages && { secretSink: secretPages.sink }),
  };
  const accounts = new Map<string, App>();
  const apps: App[] = [];
  let composed: Composed | undefined;
  let withdraw: (() => Promise<void>) | undefined;
  try {
    const app = await createApp(options);
    apps.push(app);
    for (const profile of settings.profiles) {
      const account = await createApp({ ...ofProfile(options, profile), beside: app });
      apps.push(account);
      checkServed(profile, account);
      accounts.set(profile.name, account);
    }
    if (secretPages !== undefined) for (const each of apps) checkSink(each);
    for (const each of apps) tellProblems(each);
    composed = await composeHttp(app, accounts, settings, meters, {
      elsewhere: elsewhere(options, app.stateRoot, process.env),
      configFile: options.flags.configFile,
      profile: options.flags.profile ?? process.env.DATABRICKS_CONFIG_PROFILE,
      search: showsSearch(command),
      secrets: secretPages && { pages: secretPages, onShown: shownIn(apps) },
    });
    const { front, remarks, hub } = composed;
    const { port } = await front.listen(settings.host, settings.port).catch(taken(settings.host, settings.port));
    for (const remark of remarks) note(remark);
    base = baseOf(settings, port);
    if (hub !== undefined) {
      withdraw = await announceHub(app.stateRoot, base, Date.now()).catch(async (error) => {
        await front.drain();
        throw error;
      });
      note(`Serving the hub at ${base}/hub. For a link to sign in: ${hub.command}`);
    }
    note(`Serving MCP at ${base}/mcp. Ctrl-C stops it.`);
    await serveUntilStopped(front, () => note('Stopping: calls in flight may finish. Another signal ends at once.'));
  } finally {
    await withdraw?.();
    await composed?.close();
    secretPages?.close();
    counted?.close();
    // The first one has what the others borrow.
    for (const each of apps.reverse()) await each.close();
  }
}

/** A further account that cannot be reached is a slip of the one who named it, and nobody would see it in the log. */
function checkServed({ name }: ServedProfile, { configuration: { connection, problems } }: App): void {
  if (connection !== undefined) return;
  throw failed(
    'configuration',
    `The account of --serve-profile ${name} is not configured. ${problems.map(({ message }) => message).join(' ')}`,
    { next: 'Name a profile of the configuration file (--config-file) that has host, account and credentials.' },
  );
}

/** Two places for the same secret: nobody could tell where it went. */
function checkSink({ policy }: App): void {
  const other = policy.returnSecrets
    ? '--dangerously-return-secrets'
    : policy.secretCommand && 'DATABRICKS_MCP_SECRET_COMMAND';
  if (other === undefined) return;
  throw failed('configuration', `--secrets-to page and ${other} contradict each other.`, {
    next: 'Leave one of them out.',
  });
}

/** The journal of the account that the secret is of. */
const shownIn =
  (apps: readonly App[]) =>
  async ({ name, caller, accountId }: PageFacts, by: string) => {
    const app = apps.find(({ configuration }) => configuration.accountId === accountId);
    await app?.journal.event('secret_shown', { secret: name, caller, by, channel: 'page' });
  };

function tellProblems(app: App): void {
  noteWarnings(app);
  for (const { setting, message, fix } of app.configuration.problems) {
    // Here --host is something else.
    app.log.warn('configuration', { setting, message, fix: fix.replaceAll(/--host\b/g, '--account-host') });
  }
}

/**
 * The same server for another account: its profile alone says where and as whom. What the flags and the environment say
 * of the first account would win over it.
 */
function ofProfile(options: AppOptions, { name, policyFile }: ServedProfile): AppOptions {
  const { allowHosts, caFile, configFile } = options.flags;
  const env = Object.fromEntries(
    Object.entries(options.env ?? process.env).filter(
      ([key]) => !/^(DATABRICKS_(?!MCP_|CA_FILE|CONFIG_FILE|RATE_LIMIT)|ARM_|GOOGLE_CREDENTIALS)/.test(key),
    ),
  );
  return {
    ...options,
    sandbox: false,
    env,
    flags: {
      profile: name,
      ...(allowHosts && { allowHosts }),
      ...(caFile !== undefined && { caFile }),
      ...(configFile !== undefined && { configFile }),
    },
    ...(policyFile !== undefined && { policy: { ...options.policy, policyFile } }),
  };
}

/** Loaded only where somebody wants them. */
async function openMetrics(wanted: number) {
  const { createMetrics, serveMetrics } = await import('../http/metrics.js');
  const metrics = createMetrics();
  const { port, close } = await serveMetrics(metrics, wanted).catch(taken('127.0.0.1', wanted));
  note(`Serving metrics at http://127.0.0.1:${port}/metrics.`);
  return { metrics, close };
}

const taken = (host: string, port: number) => (error: unknown) => {
  const code = (error as NodeJS.ErrnoException).code;
  throw failed('input', `Port ${port} of ${host} cannot be used (${code}).`, {
    next: 'Choose another, or 0 for any free one.',
  });
};
