/** The sections of `doctor`, in the order in which one leads to the next: what is on this machine, the way, the account. */
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import process from 'node:process';
import type { App, AppOptions } from '../../app.js';
import { nodeIo } from '../../databricks/config.js';
import { expandHome } from '../../databricks/config-io.js';
import { gatherSettings } from '../../databricks/settings.js';
import { createKeys, keyFileOf } from '../../guard/keys.js';
import { baseOf, readHttpSettings } from '../../http/settings.js';
import { checkAccount } from './account.js';
import { type Clients, checkClients } from './clients.js';
import { checkFiles } from './files.js';
import { type Finding, skip } from './finding.js';
import { checkJournal } from './journal.js';
import { checkCertificates, checkFolder, checkNode } from './machine.js';
import { checkNetwork } from './network.js';
import { checkPolicy } from './policy.js';
import { checkSettings } from './settings.js';

export const titles = {
  program: 'This program',
  settings: 'Settings',
  policy: 'Policy',
  files: 'Files',
  network: 'The way to the host',
  account: 'The account',
  areas: 'One read in each area',
  journal: 'Journal',
  clients: 'Clients',
} as const;

export type Section = keyof typeof titles;

export interface Examined {
  readonly section: Section;
  readonly findings: readonly Finding[];
}

/** Milliseconds for one step on the way to the host. */
const patience = 5_000;

export interface Wish extends AppOptions {
  /** Start what files of the project in this folder name, too. */
  readonly trustProject: boolean;
}

export async function* examine(
  app: App,
  { trustProject, ...options }: Wish,
  signal: AbortSignal,
  onStep: (what: string) => void,
): AsyncGenerator<Examined> {
  const { configuration } = app;
  const { env } = process;
  const namedKey = keyFileOf(options.keyFile, env);
  const keys = createKeys(app.stateRoot, { create: false, file: namedKey });
  yield { section: 'program', findings: [checkNode(process.versions.node), checkFolder(app.stateDirectory)] };
  yield { section: 'settings', findings: checkSettings(configuration, homedir()) };
  yield { section: 'policy', findings: checkPolicy(app.policy) };
  yield { section: 'files', findings: await checkFiles({ ...filesOf(app, options), namedKey, keys }) };

  const certificates = checkCertificates(env, configuration.caFile);
  const { findings, reached } = await way(app, signal, onStep);
  yield { section: 'network', findings: [...certificates, ...findings] };

  onStep('Asking the account …');
  const { account, areas } = await checkAccount(app, reached, signal);
  yield { section: 'account', findings: account };
  yield { section: 'areas', findings: areas };
  yield { section: 'journal', findings: await checkJournal(app, keys) };

  onStep('Starting what the clients would start …');
  yield { section: 'clients', findings: await checkClients(clientsOf(app, trustProject, signal)) };
}

/** Milliseconds for a server to start, list its tools and sign in. */
const startPatience = 15_000;

function clientsOf({ redactor }: App, trustProject: boolean, signal: AbortSignal): Clients {
  const { env, platform } = process;
  const http = readHttpSettings({}, env).settings;
  return {
    machine: { env, platform, home: homedir(), folder: process.cwd() },
    main: realpathSync(process.argv[1] ?? ''),
    addresses: http === undefined ? [] : [`${baseOf(http, http.port)}/mcp`],
    trustProject,
    redactor,
    patience: { milliseconds: startPatience, signal },
  };
}

async function way({ configuration }: App, signal: AbortSignal, onStep: (what: string) => void) {
  const { host, accountId, caFile, sources } = configuration;
  if (host === undefined) return { findings: [skip('reach', 'not tried: no host is set')], reached: false };
  return await checkNetwork({
    host,
    source: sources.host === 'default' ? undefined : sources.host,
    accountId,
    caFile,
    env: process.env,
    signal,
    milliseconds: patience,
    now: Date.now,
    onStep,
  });
}

function filesOf({ configuration, stateRoot, sandbox }: App, { flags }: AppOptions) {
  const io = nodeIo();
  // The sandbox takes no setting from a file.
  const secretFile = sandbox ? undefined : gatherSettings(flags, io).found.get('client_secret_file')?.value;
  return {
    io,
    configFile: configuration.profile?.path,
    secretFile: secretFile === undefined ? undefined : expandHome(secretFile, io),
    stateRoot,
    tokenFile: io.env.DATABRICKS_MCP_HTTP_TOKEN_FILE || undefined,
  };
}
